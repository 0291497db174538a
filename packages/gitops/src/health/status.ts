import type { KubeObject } from "@trireme/api";
import { HealthStatusCode } from "@trireme/api/argo";

export interface Health {
  status: HealthStatusCode;
  message?: string;
}

const ORDER: readonly string[] = Object.values(HealthStatusCode);

export function isWorse(current: HealthStatusCode, next: HealthStatusCode): boolean {
  return ORDER.indexOf(next) > ORDER.indexOf(current);
}

/** A health without an empty message, as it stands in status. */
export function health(status: HealthStatusCode, message?: string): Health {
  return message === undefined || message === "" ? { status } : { status, message };
}

interface StatusCondition {
  type: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** The conditions of an object's status; anything malformed reads as none. */
export function conditionsOf(object: KubeObject): StatusCondition[] {
  const list = object.status?.conditions;
  return Array.isArray(list) ? (list as StatusCondition[]) : [];
}

export function numberAt(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
