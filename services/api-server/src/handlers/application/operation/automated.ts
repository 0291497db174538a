import type { Application } from "@trireme/api/argo";

/** Whether automated sync is on: there, and not switched off by `enabled: false`. */
export function isAutomated(app: Application): boolean {
  const automated = app.spec.syncPolicy?.automated;
  return automated !== undefined && automated !== null && automated.enabled !== false;
}
