import type { KubeObject } from "@trireme/api";

/** From best to worst. */
export const HealthCode = { Healthy: "Healthy", Suspended: "Suspended", Progressing: "Progressing", Missing: "Missing", Degraded: "Degraded", Unknown: "Unknown" } as const;
export type HealthCode = (typeof HealthCode)[keyof typeof HealthCode];

export interface Health {
  status: HealthCode;
  message?: string;
}

const ORDER: readonly string[] = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"];

export function isWorse(current: HealthCode, next: HealthCode): boolean {
  return ORDER.indexOf(next) > ORDER.indexOf(current);
}

/** A health without an empty message, as it stands in status. */
export function health(status: HealthCode, message?: string): Health {
  return message === undefined || message === "" ? { status } : { status, message };
}

interface StatusCondition {
  type: string;
  status?: string;
  reason?: string;
  message?: string;
}

/** The conditions of an object's status; anything malformed reads as none. */
export function conditionsOf(object: KubeObject): StatusCondition[] {
  const list = object.status?.conditions;
  return Array.isArray(list) ? (list as StatusCondition[]) : [];
}

export function numberAt(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
