import { parseQuantity, quantityText, type Quantity } from "../schema/quantity.ts";

/** Quantities by the name of their resource, as Kubernetes writes them. */
export type Amounts = Readonly<Record<string, string>>;

const NONE: Quantity = { nano: 0n, format: "decimal" };

export function quantityOf(text: string | undefined): Quantity {
  return (text !== undefined && parseQuantity(String(text))) || NONE;
}

/** The sum keeps the form of what is there; a zero takes the other's. */
export function plus(a: Amounts, b: Amounts): Record<string, string> {
  const sum: Record<string, string> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const [x, y] = [quantityOf(sum[name]), quantityOf(value)];
    sum[name] = quantityText({ nano: x.nano + y.nano, format: x.nano === 0n ? y.format : x.format });
  }
  return sum;
}

/** What `a` has more than `b`, nothing below zero. */
export function excess(a: Amounts, b: Amounts): Record<string, string> {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => {
    const [x, y] = [quantityOf(value), quantityOf(b[name])];
    return [name, quantityText({ nano: x.nano > y.nano ? x.nano - y.nano : 0n, format: x.format })];
  }));
}

export function larger(a: Amounts, b: Amounts): Record<string, string> {
  const most: Record<string, string> = { ...a };
  for (const [name, value] of Object.entries(b)) if (most[name] === undefined || quantityOf(value).nano > quantityOf(most[name]).nano) most[name] = value;
  return most;
}

export function only(amounts: Amounts, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => names.includes(name)));
}

/** `cpu=1,pods=2`, in order. */
export function amountsText(amounts: Amounts): string {
  return Object.keys(amounts).sort().map((name) => `${name}=${amounts[name]}`).join(",");
}
