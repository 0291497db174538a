const cache = new Map<string, RegExp>();
const CACHE_LIMIT = 4096;
const MAX_PATTERN = 1024;

/**
 * Argo's globs: `*` (any run), `?`, `[a-z]`, `{a,b}`; with a separator, `*` stays between two of them and `**`
 * crosses. A bad or oversized pattern matches nothing.
 */
export function globMatches(pattern: string, text: string, separator = ""): boolean {
  if (pattern === text) return true;
  if (pattern.length > MAX_PATTERN) return false;
  const id = `${separator}\0${pattern}`;
  let regex = cache.get(id);
  if (regex === undefined) {
    regex = compile(pattern, separator);
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(id, regex);
  }
  return regex.test(text);
}

/** A list entry of namespaces: a glob, or `/regular expression/`. */
export function listMatches(entry: string, text: string): boolean {
  if (entry.length > 2 && entry.startsWith("/") && entry.endsWith("/")) {
    try {
      return new RegExp(entry.slice(1, -1)).test(text);
    } catch {
      return false;
    }
  }
  return globMatches(entry, text);
}

function compile(pattern: string, separator: string): RegExp {
  const within = separator === "" ? "[^]*" : `[^${escape(separator)}]*`;
  let out = "";
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === "*") {
      const many = pattern[i + 1] === "*";
      while (pattern[i + 1] === "*") i++;
      out += many ? "[^]*" : within;
    } else if (char === "?") out += separator === "" ? "[^]" : `[^${escape(separator)}]`;
    else if (char === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) return NEVER;
      const body = pattern.slice(i + 1, end);
      out += body.startsWith("!") || body.startsWith("^") ? `[^${escapeClass(body.slice(1))}]` : `[${escapeClass(body)}]`;
      i = end;
    } else if (char === "{") {
      depth++;
      out += "(?:";
    } else if (char === "}" && depth > 0) {
      depth--;
      out += ")";
    } else if (char === "," && depth > 0) out += "|";
    else if (char === "\\" && i + 1 < pattern.length) out += escape(pattern[++i]!);
    else out += escape(char);
  }
  if (depth > 0) return NEVER;
  try {
    return new RegExp(`^${out}$`, "u");
  } catch {
    return NEVER;
  }
}

const NEVER = /(?!)/;

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("\\-", "\\x2d");
}

function escapeClass(text: string): string {
  return text.replace(/[\\\]^[]/g, "\\$&");
}
