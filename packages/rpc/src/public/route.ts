/** A path template of `google.api.http`, as far as Argo CD uses it: `{field}`, `{a.b}`, `{rest=**}`. */
export interface PathTemplate {
  match(segments: readonly string[]): Record<string, string> | undefined;
}

export function compileTemplate(template: string): PathTemplate {
  const parts = template.slice(1).split("/").map(parsePart);
  const rest = parts.findIndex((part) => "rest" in part);
  if (rest !== -1 && rest !== parts.length - 1) throw new Error(`${template}: ** must come last`);
  return {
    match(segments) {
      if (rest === -1 ? segments.length !== parts.length : segments.length < parts.length - 1) return undefined;
      const values: Record<string, string> = {};
      for (const [index, part] of parts.entries()) {
        if ("rest" in part) values[part.rest] = segments.slice(index).join("/");
        else if ("field" in part) values[part.field] = segments[index]!;
        else if (part.literal !== segments[index]) return undefined;
      }
      return values;
    },
  };
}

type Part = { literal: string } | { field: string } | { rest: string };

function parsePart(text: string): Part {
  const variable = /^\{([\w.]+)(=\*\*)?\}$/.exec(text);
  if (!variable) return { literal: text };
  return variable[2] ? { rest: variable[1]! } : { field: variable[1]! };
}

/**
 * Splits first, unescapes then, so that `%2F` stays within its segment.
 * @throws URIError on a broken escape.
 */
export function pathSegments(path: string): string[] {
  return path.slice(1).split("/").map(decodeURIComponent);
}
