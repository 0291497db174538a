const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** An address that a person may be sent to; undefined for anything that could run here. */
export function safeLink(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** The same for what an annotation says, whose title may stand before a bar; without one the address is its own title. */
export function outerLink(text: string | undefined): { href: string; title: string } | undefined {
  if (text === undefined) return undefined;
  const bar = text.indexOf("|");
  const [title, url] = bar < 0 ? ["", text] : [text.slice(0, bar).trim(), text.slice(bar + 1)];
  const href = safeLink(url);
  return href === undefined ? undefined : { href, title: title || url.trim().replace(/^(https?:\/\/|mailto:)/i, "").replace(/\/$/, "") };
}
