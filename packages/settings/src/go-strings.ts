const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** Go's `strconv.ParseBool`; `undefined` for anything else. */
export function parseBool(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/**
 * One line of CSV as Go's reader takes it with leading spaces trimmed: quoted fields may hold commas and
 * doubled quotes. `undefined` when a quote stands where none may.
 */
export function parseCsvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  let i = 0;
  for (;;) {
    while (line[i] === " " || line[i] === "\t") i++;
    if (line[i] === '"') {
      let text = "";
      for (i++; ; i++) {
        if (i >= line.length) return undefined;
        if (line[i] !== '"') text += line[i];
        else if (line[i + 1] === '"') text += line[i++];
        else break;
      }
      i++;
      if (i < line.length && line[i] !== ",") return undefined;
      fields.push(text);
    } else {
      const end = line.indexOf(",", i);
      const text = end < 0 ? line.slice(i) : line.slice(i, end);
      if (text.includes('"')) return undefined;
      fields.push(text);
      i = end < 0 ? line.length : end;
    }
    if (i >= line.length) return fields;
    i++;
  }
}

/** FNV-1a (32 bits) of the UTF-8 bytes, as Go's `fnv.New32a`. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}
