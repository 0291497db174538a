const HEALTH_COLORS: Record<string, string> = { Healthy: "rgb(24, 190, 148)", Progressing: "rgb(13, 173, 234)", Suspended: "rgb(118, 111, 148)", Degraded: "rgb(233, 109, 118)", Missing: "rgb(244, 192, 48)", Unknown: "rgb(115, 31, 77)" };
const SYNC_COLORS: Record<string, string> = { Synced: "rgb(24, 190, 148)", OutOfSync: "rgb(244, 192, 48)", Unknown: "rgb(115, 31, 77)" };
const GREY = "rgb(100, 100, 100)";

export interface Badge {
  health: string;
  sync: string;
  revision?: string;
  title?: string;
  width?: number;
}

/** Two words in two colours, as a picture for a README. Texts come from closed sets or are escaped. */
export function badgeSvg({ health, sync, revision, title, width }: Badge): string {
  const left = 76;
  // With a revision the rest of the width is its own.
  const right = Math.max(54, revision === undefined ? (width ?? 0) - left - 1 : 0, title === undefined || revision !== undefined ? 0 : title.length * 7 - left);
  const more = revision === undefined ? 0 : Math.max(revision.length * 7 + 12, (width ?? 0) - left - 1 - right);
  const total = left + 1 + right + more;
  const top = title === undefined ? 0 : 20;
  const row = (x: number, text: string) => `<text x="${x * 10}" y="${(top + 14) * 10}" transform="scale(.1)">${escaped(text)}</text>`;
  return [
    `<svg width="${total}" height="${20 + top}" xmlns="http://www.w3.org/2000/svg" role="img">`,
    `<title>${escaped([title, health, sync].filter(Boolean).join(" "))}</title>`,
    `<clipPath id="corners"><rect width="100%" height="100%" rx="3"/></clipPath>`,
    `<g clip-path="url(#corners)">`,
    title === undefined ? "" : `<rect width="${total}" height="20" fill="#29343D"/>`,
    `<rect y="${top}" width="${left}" height="20" fill="${HEALTH_COLORS[sync === "" ? "Unknown" : health] ?? GREY}"/>`,
    `<rect x="${left + 1}" y="${top}" width="${right}" height="20" fill="${SYNC_COLORS[sync || "Unknown"] ?? GREY}"/>`,
    more === 0 ? "" : `<rect x="${left + 1 + right}" y="${top}" width="${more}" height="20" fill="${SYNC_COLORS[sync] ?? GREY}"/>`,
    `</g>`,
    `<g fill="#fff" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-size="90">`,
    title === undefined ? "" : `<text x="${total * 5}" y="140" transform="scale(.1)">${escaped(title)}</text>`,
    row(left / 2, health),
    row(left + 1 + right / 2, sync),
    more === 0 ? "" : row(left + 1 + right + more / 2, `(${revision})`),
    `</g>`,
    `</svg>`,
  ].join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
