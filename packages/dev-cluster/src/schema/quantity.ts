const FORM = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?$/;
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = new Map([["n", -9], ["u", -6], ["m", -3], ["", 0], ["k", 3], ["M", 6], ["G", 9], ["T", 12], ["P", 15], ["E", 18]]);
const SUFFIX = new Map([...DECIMAL].map(([suffix, exponent]) => [exponent, suffix]));

export const QUANTITY_ERROR = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export interface Quantity {
  /** The amount in units of 10⁻⁹. */
  nano: bigint;
  format: "binary" | "decimal" | "exponent";
}

/** Reads a Kubernetes quantity (`500m`, `1Gi`, `0.5`); `undefined` where it is none. Rounds up below one nano. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = FORM.exec(text);
  if (!match || text.length > 64 || (!match[2] && !match[3])) return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = match;
  const binary = suffix.endsWith("i") ? BINARY.indexOf(suffix) : 0;
  const exponent = /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL.get(suffix) ?? 0);
  if (Math.abs(exponent) > 30) return undefined;

  let numerator = BigInt(`${whole}${fraction}` || "0") * 1024n ** BigInt(binary);
  const scale = 9 - fraction.length + exponent;
  if (scale >= 0) numerator *= 10n ** BigInt(scale);
  else {
    const divisor = 10n ** BigInt(-scale);
    numerator = (numerator + divisor - 1n) / divisor;
  }
  return { nano: sign === "-" ? -numerator : numerator, format: binary > 0 ? "binary" : /^[eE]/.test(suffix) && suffix !== "E" ? "exponent" : "decimal" };
}

/** The form in which the API server writes a quantity: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  return quantity && quantityText(quantity);
}

export function quantityText({ nano, format }: Quantity): string {
  if (nano === 0n) return "0";
  const negative = nano < 0n;
  const amount = negative ? -nano : nano;
  const body = format === "binary" && amount % 1_000_000_000n === 0n && amount >= 1024n * 1_000_000_000n ? binaryText(amount / 1_000_000_000n) : decimalText(amount, format);
  return negative ? `-${body}` : body;
}

function binaryText(units: bigint): string {
  let power = 0;
  while (power < BINARY.length - 1 && units % 1024n === 0n) {
    units /= 1024n;
    power++;
  }
  return `${units}${BINARY[power]}`;
}

function decimalText(nano: bigint, format: Quantity["format"]): string {
  let exponent = -9;
  while (exponent < 18 && nano % 1000n === 0n) {
    nano /= 1000n;
    exponent += 3;
  }
  if (format === "exponent") return exponent === 0 ? `${nano}` : `${nano}e${exponent}`;
  return `${nano}${SUFFIX.get(exponent)}`;
}
