const BINARY: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

const QUANTITY = /^([+-]?)([0-9]{0,30})(?:\.([0-9]{0,30}))?(?:[eE]([+-]?[0-9]{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/;

/** Whether two quantities are the same amount: `1000m` and `1`, `1Gi` and `1073741824`. Texts that are none are compared as texts. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const left = nanosOf(a);
  const right = nanosOf(b);
  return left === undefined || right === undefined ? String(a) === String(b) : left === right;
}

/** An amount in billionths, rounded up as Kubernetes rounds; `undefined` for what is no quantity. */
function nanosOf(value: unknown): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const match = QUANTITY.exec(String(value).trim());
  if (match === null || (match[2] === "" && !match[3])) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  let numerator = BigInt(`${whole}${fraction}` || "0");
  let power = 9 - fraction.length;
  if (exponent !== undefined) power += Number(exponent);
  else if (suffix in BINARY) numerator <<= BINARY[suffix]!;
  else power += DECIMAL[suffix]!;
  const nanos = power >= 0 ? numerator * 10n ** BigInt(power) : divideUp(numerator, 10n ** BigInt(-power));
  return sign === "-" ? -nanos : nanos;
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
