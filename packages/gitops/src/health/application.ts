import type { KubeObject } from "@trireme/api";
import type { HealthStatusCode } from "@trireme/api/argo";
import { parseApiVersion } from "@trireme/api";
import { Annotation } from "../annotations.ts";
import { isHook, isIgnored, isSkipped } from "../hooks.ts";
import { isWorse, type Health } from "./status.ts";

export interface ResourceHealth {
  /** Absent: Git wants it and the cluster does not have it. */
  live: KubeObject | undefined;
  target: KubeObject | undefined;
  /** What the kind's check said of the live object. */
  health: Health | undefined;
}

/**
 * The application is as well as its worst direct resource. A single missing one is not held against it, but when
 * none of what Git wants is there, it is Missing. `self` names the application, which never judges itself.
 */
export function applicationHealth(resources: readonly ResourceHealth[], self: { namespace: string; name: string }): HealthStatusCode {
  let worst: HealthStatusCode = "Healthy";
  let counted = 0;
  let missing = 0;
  for (const { live, target, health } of resources) {
    if (target !== undefined && isSkipped(target)) continue;
    if (live !== undefined && (isHook(live) || isIgnored(live))) continue;
    if (live === undefined && target === undefined) continue;
    counted++;
    if (live === undefined) {
      missing++;
      continue;
    }
    if (live.metadata.annotations?.[Annotation.IgnoreHealthcheck] === "true") continue;
    const { group } = parseApiVersion(live.apiVersion);
    const isApplication = group === "argoproj.io" && live.kind === "Application";
    if (isApplication && live.metadata.name === self.name && live.metadata.namespace === self.namespace) continue;
    if (health === undefined) continue;
    if (isApplication && (health.status === "Missing" || health.status === "Unknown")) continue;
    if (isWorse(worst, health.status)) worst = health.status;
  }
  return counted > 0 && missing === counted ? "Missing" : worst;
}
