/** A path template of `google.api.http`, as far as Argo uses it: `{field}`, `{a.b}`, and one `{rest=**}` that takes what the others leave. */
export interface PathTemplate {
  match(segments: readonly string[]): Record<string, string> | undefined;
}

export function compileTemplate(template: string): PathTemplate {
  const parts = template.slice(1).split("/").map(parsePart);
  const rest = parts.findIndex((part) => "rest" in part);
  if (parts.filter((part) => "rest" in part).length > 1) throw new Error(`${template}: ** may come once`);
  return {
    match(segments) {
      const more = segments.length - parts.length;
      if (rest === -1 ? more !== 0 : more < -1) return undefined;
      const values: Record<string, string> = {};
      for (const [index, part] of parts.entries()) {
        const at = rest !== -1 && index > rest ? index + more : index;
        if ("rest" in part) values[part.rest] = segments.slice(at, at + more + 1).join("/");
        else if ("field" in part) values[part.field] = segments[at]!;
        else if (part.literal !== segments[at]) return undefined;
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
