import type { KubeObject } from "@trireme/api";
import type { ApplicationCondition, ApplicationSource, ApplicationStatus, ResourceResult } from "@trireme/api/argo";
import type { Prepared } from "@trireme/gitops";
import type { repository } from "@trireme/rpc";
import type { ObjectComparison } from "./compare.ts";
import type { Wake } from "./wakes.ts";

/** What Git wants of an application, ready to be compared: secrets redacted, tracked, placed. */
export interface Desired extends Prepared {
  digest: string;
  sources: ApplicationSource[];
  revisions: string[];
  sourceTypes: string[];
  inputsKeys: string[];
  /** Where each target comes from, by key. */
  provenance: Map<string, repository.Provenance | undefined>;
  warnings: ApplicationCondition[];
  /** Everything that the preparation depended on beside the objects; another text means prepare again. */
  basis: string;
}

/** What the controller remembers of one application between visits. All of it can be found again. */
export interface AppMemory {
  /** For the application's own sources. */
  desired: Desired | undefined;
  /** For an operation's, where they are others. */
  operationDesired: Desired | undefined;
  compared: Map<string, ObjectComparison>;
  /** Live objects read in another version than the one that is watched. */
  converted: Map<string, { from: KubeObject; object: KubeObject }>;
  /** The rules that `compared` was made under. */
  comparedRules: string;
  /** Results of the running operation, ahead of what is written; `awaySince`: the cluster has not answered it since then (milliseconds since the epoch). */
  operation: { startedAt: string; results: ResourceResult[]; nextWaveAt: number; statusBefore: { sync: string; health: string }; supersededBy?: string; awaySince?: number } | undefined;
  /** The stored set that is held live, opened once. */
  pinned: Desired | undefined;
  /** Digest of what the last whole sync delivered, where this process saw it. */
  deployed: string | undefined;
  /** How the release under judgement has been doing. Milliseconds since the epoch. */
  trial: Trial | undefined;
  /** What asked for a comparison while an operation ran. */
  waiting: Wake | undefined;
  /** What a comparison said that began an operation: it goes out together with `Running`. */
  pendingStatus: ApplicationStatus | undefined;
  /** Self-heal waits for so long yet. */
  healInMs: number | undefined;
  repoErrorSince: number | undefined;
  /** When Git is asked again, after its failure was told; until then the state is unknown. Milliseconds since the epoch. */
  gitRetryAt: number | undefined;
  /** Hooks of the deletion that failed, and when they are made again (milliseconds since the epoch). */
  deleteHooks: { failures: number; retryAt: number } | undefined;
  /** Kinds of the deletion's hooks are watched: what is not seen is not there. */
  deleteHooksWatched: boolean;
  /** The compared revision changes what the application is made of. */
  touched: boolean;
  lastCompared: number;
  lastVisit: { at: number; because: string } | undefined;
  treeVersion: number;
}

/** A release on its way to be proven or taken back. */
export interface Trial {
  digest: string;
  healthySince: number | undefined;
  /** Kept through moments in which it looks well, as those between two crashes. */
  failing: { since: number; lastSeen: number } | undefined;
}

export function newMemory(): AppMemory {
  return { desired: undefined, operationDesired: undefined, compared: new Map(), converted: new Map(), comparedRules: "", operation: undefined, pinned: undefined, deployed: undefined, trial: undefined, waiting: undefined, pendingStatus: undefined, healInMs: undefined, repoErrorSince: undefined, gitRetryAt: undefined, deleteHooks: undefined, deleteHooksWatched: false, touched: true, lastCompared: 0, lastVisit: undefined, treeVersion: 0 };
}
