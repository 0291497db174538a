const FACTORS: Record<string, number> = { n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };

/** A Kubernetes quantity in thousandths, rounded up; 0 for what is none. */
export function milli(quantity: unknown): number {
  const match = /^([+-]?\d{1,20}(?:\.\d{1,20})?)(?:([eE][+-]?\d{1,3})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/.exec(String(quantity ?? ""));
  if (match === null) return 0;
  const value = Number(`${match[1]}${match[2] ?? ""}`) * FACTORS[match[3] ?? ""]!;
  return Math.ceil(Number((value * 1000).toPrecision(15)));
}
