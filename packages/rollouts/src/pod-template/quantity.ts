const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANO = 9;

/**
 * The canonical text of a Kubernetes quantity: no fraction, the largest suffix of its family that keeps it exact,
 * nothing finer than nano (rounded away from zero). What is no quantity comes back as it is.
 */
export function canonicalQuantity(text: string): string {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)\s*$/.exec(text);
  if (match === null || `${match[2]}${match[3] ?? ""}` === "") return text;
  const [, sign = "", whole = "", fraction = "", exponentMark, exponent = "0", suffix = ""] = match;
  const isBinary = suffix.endsWith("i");
  const scale = isBinary ? 0 : exponentMark === undefined ? 3 * (DECIMAL.indexOf(suffix) - 3) : Number(exponent);
  const nano = toNano(BigInt(whole + fraction) * (isBinary ? 1024n ** BigInt(BINARY.indexOf(suffix)) : 1n), scale - fraction.length);
  const minus = sign === "-" && nano > 0n ? "-" : "";
  const units = nano / 10n ** 9n;
  if (isBinary && units >= 1024n && nano % 10n ** 9n === 0n) return minus + binary(units);
  return minus + decimal(nano, exponentMark);
}

function toNano(digits: bigint, scale: number): bigint {
  const shift = scale + NANO;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor - 1n) / divisor;
}

function binary(units: bigint): string {
  let step = 0;
  for (; step < BINARY.length - 1 && units % 1024n === 0n; step++) units /= 1024n;
  return `${units}${BINARY[step]}`;
}

function decimal(nano: bigint, exponentMark: string | undefined): string {
  if (nano === 0n) return "0";
  let step = 0;
  const last = exponentMark === undefined ? DECIMAL.length - 1 : Number.POSITIVE_INFINITY;
  for (; step < last && nano % 1000n === 0n; step++) nano /= 1000n;
  if (exponentMark === undefined) return `${nano}${DECIMAL[step]}`;
  return step === 3 ? String(nano) : `${nano}e${3 * (step - 3)}`;
}
