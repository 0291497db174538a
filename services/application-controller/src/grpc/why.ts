import type { Application } from "@trireme/api/argo";
import { healthOf, isHook } from "@trireme/gitops";
import type { Reconciler } from "../applications/reconciler.ts";

export interface Reason {
  /** Searchable; has a line in docs/errors.md. */
  reason: string;
  message: string;
  /** What it waits for, when that is an object. */
  blocker?: { group: string; kind: string; namespace: string; name: string };
  /** RFC3339, where it is known. */
  since?: string;
  evidence?: unknown;
  next: string;
}

const NEXT: Record<string, string> = {
  RolledBack: "push a commit that renders to something else, or sync by hand to let the same set out again",
  ReleaseFailed: "correct it in Git",
  AutomatedSyncStopped: "sync a good revision by hand, or lift the quarantine",
};

/** Why an application is not Synced and Healthy, the heaviest reason first; empty where it is both. */
export function whyNot(reconciler: Reconciler, app: Application): { synced: boolean; healthy: boolean; reasons: Reason[] } {
  const { status } = app;
  const reasons: Reason[] = [];
  for (const { type, message, lastTransitionTime } of status?.conditions ?? []) {
    reasons.push({ reason: type, message, ...(lastTransitionTime !== undefined && { since: lastTransitionTime }), next: NEXT[type] ?? (type.endsWith("Error") ? "put right what the message names; it is looked at again by itself" : "look at the objects that the message names") });
  }
  const operation = status?.operationState;
  if (operation?.phase === "Running") reasons.push({ reason: "OperationRunning", message: operation.message ?? "one or more tasks are running", since: operation.startedAt, next: "it goes on by itself; it can be terminated" });
  else if (operation !== undefined && operation.phase !== "Succeeded") reasons.push({ reason: "OperationFailed", message: operation.message ?? "", ...(operation.finishedAt !== undefined && { since: operation.finishedAt }), next: "correct what the message names in Git, or sync again" });
  for (const compared of reconciler.memory(app)?.compared.values() ?? []) {
    const { key, live, target, modified, differences } = compared;
    if (live === undefined) reasons.push({ reason: "Missing", message: `${key.kind} ${key.namespace}/${key.name} is in Git and not in the cluster`, blocker: key, next: "sync" });
    else if (target === undefined && isHook(live)) continue;
    else if (target === undefined) reasons.push({ reason: "RequiresPruning", message: `${key.kind} ${key.namespace}/${key.name} is in the cluster and not in Git any more`, blocker: key, next: "sync with pruning, or annotate it with Prune=false" });
    else if (modified) reasons.push({ reason: "Drifted", message: `${key.kind} ${key.namespace}/${key.name} differs at ${differences.map(({ path }) => path).slice(0, 5).join(", ")}`, blocker: key, evidence: key.kind === "Secret" ? differences.map(({ path, writer }) => ({ path, writer })) : differences.slice(0, 20), next: "sync, or ignore the difference" });
    const health = live === undefined ? undefined : healthOf(live);
    if (health !== undefined && health.status !== "Healthy") reasons.push({ reason: health.status, message: `${key.kind} ${key.namespace}/${key.name}: ${health.message ?? health.status}`, blocker: key, next: health.status === "Progressing" ? "it goes on by itself" : "look at its pods and events" });
  }
  return { synced: status?.sync?.status === "Synced", healthy: status?.health?.status === "Healthy", reasons };
}
