const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** An address that a person may be sent to; undefined for anything that could run here. */
export function safeLink(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return SCHEMES.has(url.protocol) ? url.href : undefined;
}
