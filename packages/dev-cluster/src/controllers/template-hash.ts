const SAFE = "bcdfghjklmnpqrstvwxz2456789";

/**
 * A short, stable, label-safe name for a value: FNV-1a over its JSON with sorted keys, in the letters that
 * Kubernetes uses for this. Not the number that kube-controller-manager computes, which hashes Go's own notation.
 */
export function safeHash(value: unknown, collisions = 0): string {
  let hash = 0x811c9dc5;
  const text = `${canonical(value)}${collisions === 0 ? "" : collisions}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join("");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join(",")}}`;
}
