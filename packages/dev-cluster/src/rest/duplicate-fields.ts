/** How many duplicates are named; more only say that there are more. */
const MAX_NAMED = 100;

/**
 * Keys that stand twice in one object of a JSON text, as the server names them (`duplicate field "spec.replicas"`).
 * The text is known to be valid JSON.
 */
export function duplicateFields(text: string): string[] {
  const found: string[] = [];
  let at = 0;

  const skipSpace = (): void => {
    while (at < text.length && (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r")) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at++;
    return text.slice(start, at);
  };
  const value = (path: string): void => {
    skipSpace();
    const first = text[at];
    if (first === "{") {
      at++;
      const keys = new Set<string>();
      for (skipSpace(); text[at] !== "}"; skipSpace()) {
        if (text[at] === ",") {
          at++;
          skipSpace();
        }
        const raw = string();
        const key: string = raw.includes("\\") ? JSON.parse(raw) : raw.slice(1, -1);
        const inner = path === "" ? key : `${path}.${key}`;
        if (keys.has(key) && found.length < MAX_NAMED) found.push(`duplicate field "${inner}"`);
        keys.add(key);
        skipSpace();
        at++;
        value(inner);
      }
      at++;
    } else if (first === "[") {
      at++;
      let index = 0;
      for (skipSpace(); text[at] !== "]"; skipSpace()) {
        if (text[at] === ",") at++;
        value(`${path}[${index++}]`);
      }
      at++;
    } else if (first === '"') string();
    else while (at < text.length && !",]} \n\t\r".includes(text[at]!)) at++;
  };

  value("");
  return found;
}
