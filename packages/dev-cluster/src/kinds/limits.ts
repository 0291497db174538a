import { quantityOf, type Amounts } from "../quota/amounts.ts";
import { invalidValue } from "../rest/metadata.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

interface Limit {
  type?: string;
  min?: Amounts;
  max?: Amounts;
  default?: Amounts;
  defaultRequest?: Amounts;
  maxLimitRequestRatio?: Amounts;
}

/** What a range leaves out of its defaults for containers follows from the rest of it. */
export const limitRangeStrategy: Strategy = {
  createsOnUpdate: true,
  defaults(object) {
    for (const limit of (object.spec?.limits ?? []) as Limit[]) {
      if (limit.type !== "Container") continue;
      limit.default = { ...limit.max, ...limit.default };
      limit.defaultRequest = { ...limit.min, ...limit.default, ...limit.defaultRequest };
      for (const field of ["default", "defaultRequest"] as const) if (Object.keys(limit[field] ?? {}).length === 0) delete limit[field];
    }
  },
  validate: (object) => ((object.spec?.limits ?? []) as Limit[]).flatMap((limit, index) => limitCauses(limit, `spec.limits[${index}]`)),
};

/** Each of these must not be above the one after it, as far as both are there. */
const ORDER = [
  ["min", "max", "min", "min", "max"],
  ["min", "defaultRequest", "defaultRequest", "min", "default request"],
  ["defaultRequest", "max", "defaultRequest", "default request", "max"],
  ["defaultRequest", "default", "defaultRequest", "default request", "default limit"],
  ["min", "default", "default", "min", "default"],
  ["default", "max", "default", "default", "max"],
] as const;

function limitCauses(limit: Limit, path: string): Cause[] {
  const causes: Cause[] = [];
  const names = [...new Set([limit.min, limit.max, limit.default, limit.defaultRequest].flatMap((amounts) => Object.keys(amounts ?? {})))].sort();
  for (const name of names) {
    for (const [lower, upper, field, low, high] of ORDER) {
      const [a, b] = [limit[lower]?.[name], limit[upper]?.[name]];
      if (a === undefined || b === undefined || quantityOf(a).nano <= quantityOf(b).nano) continue;
      causes.push(invalidValue(`${path}.${field}[${name}]`, field === "defaultRequest" ? limit.defaultRequest![name] : a, `${low} value ${a} is greater than ${high} value ${b}`));
    }
  }
  return causes;
}

const SCOPES = new Set(["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"]);

export const quotaStrategy: Strategy = { returnsDeleted: true, validate: ({ spec }) => quotaCauses(spec ?? {}) };

function quotaCauses({ hard = {}, scopes = [] }: { hard?: Amounts; scopes?: readonly string[] }): Cause[] {
  return [
    ...Object.entries(hard).flatMap(([name, value]) => (quantityOf(value).nano < 0n ? [invalidValue(`spec.hard[${name}]`, value, "must be greater than or equal to 0")] : [])),
    ...(scopes.some((scope) => !SCOPES.has(scope)) ? [invalidValue("spec.scopes", scopes, "unsupported scope")] : []),
  ];
}
