export const COOKIE = "argocd.token";
const MAX_BYTES = 4093;
const MAX_CHUNKS = 20;

/** The `Set-Cookie` values that carry a token, in chunks where browsers would cut it; an empty token clears it. */
export function tokenCookies(token: string, options: { path: string; secure: boolean }): string[] {
  const flags = `path=${options.path}; SameSite=lax; httpOnly${options.secure ? "; Secure" : ""}`;
  if (token === "") return [`${COOKIE}=; ${flags}`];
  const room = MAX_BYTES - COOKIE.length - flags.length - 8;
  const parts = token.match(new RegExp(`.{1,${room}}`, "gs")) ?? [];
  if (parts.length > MAX_CHUNKS) return [];
  if (parts.length === 1) return [`${COOKIE}=${token}; ${flags}`];
  return parts.map((part, i) => (i === 0 ? `${COOKIE}=${parts.length}:${part}; ${flags}` : `${COOKIE}-${i}=${part}; ${flags}`));
}

/** The token of a `Cookie` header, its chunks joined. */
export function tokenFromCookies(header: string | undefined): string | undefined {
  if (header === undefined || !header.includes(COOKIE)) return undefined;
  const jar = new Map(
    header.split(";").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
  const first = jar.get(COOKIE);
  const chunked = /^(\d{1,2}):(.*)$/s.exec(first ?? "");
  if (chunked === null) return first || undefined;
  const count = Number(chunked[1]);
  const rest = Array.from({ length: Math.max(0, count - 1) }, (_, i) => jar.get(`${COOKIE}-${i + 1}`));
  return rest.some((part) => part === undefined) ? undefined : chunked[2] + rest.join("");
}
