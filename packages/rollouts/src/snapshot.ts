import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import type { AnalysisRun, AnalysisTemplate } from "./analysis/index.ts";
import type { Pod, ReplicaSet, Service } from "./rollout/objects.ts";

/** Everything that a decision on one Rollout may depend on, read at one moment. */
export interface Snapshot {
  rollout: Rollout;
  /** Of its namespace: those that it controls, and those that match its selector and that nobody controls. */
  replicaSets: readonly ReplicaSet[];
  /** Any ReplicaSet of its namespace. */
  replicaSet(name: string): ReplicaSet | undefined;
  /** A Service of its namespace. */
  service(name: string): Service | undefined;
  /** AnalysisRuns that it controls. */
  runs: readonly AnalysisRun[];
  /** Any AnalysisRun of its namespace. */
  run(name: string): AnalysisRun | undefined;
  template(reference: { name: string; clusterScope: boolean }): AnalysisTemplate | undefined;
  /** Pods of its ReplicaSets. */
  pods: readonly Pod[];
  /** What `spec.workloadRef` names. */
  workload: KubeObject | undefined;
  /** Unix time in milliseconds. */
  now: number;
}

/** The next set of writes, in the order in which they are made; each is made only where all before it succeeded. */
export interface Decision {
  writes: Write[];
  /** To be told once the write that each belongs to is done. */
  events: RolloutEvent[];
  /** When to look again if nothing happens, Unix time in milliseconds. */
  lookAgainAt: number | undefined;
  /** Why the pass could not go on: worth trying again. */
  problem: string | undefined;
}

export type Write =
  | { verb: "create"; object: KubeObject }
  /** Only where `base` is still what is stored, by its resourceVersion. */
  | { verb: "patch"; base: KubeObject; patch: Record<string, unknown>; type: "merge" | "apply"; subresource?: "status"; fieldManager?: string }
  | { verb: "delete"; base: KubeObject }
  | { verb: "evict"; pod: Pod };

export interface RolloutEvent {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  /** `kind/name` of the object whose write makes it true; `status` for the Rollout's own status. */
  of: string;
}

export const eventKey = (object: KubeObject): string => `${object.kind}/${object.metadata.name}`;
