/** v2 before v1, v1 before v1beta2, as Kubernetes orders versions. */
export function versionOrder(a: string, b: string): number {
  const rank = (version: string): number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [-1, 0, 0];
    return [match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [x, y] = [rank(a), rank(b)];
  for (let at = 0; at < 3; at++) if (x[at] !== y[at]) return y[at]! - x[at]!;
  return a < b ? -1 : 1;
}
