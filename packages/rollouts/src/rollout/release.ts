import type { KubeObject } from "@trireme/api";
import type { Rollout, RolloutBlueGreen, RolloutCanary, RolloutStatus } from "@trireme/api/argo";
import type { AnalysisRun } from "../analysis/index.ts";
import { findNewSet } from "../replica-sets/find.ts";
import { eventKey, type RolloutEvent, type Snapshot } from "../snapshot.ts";
import { noPauseChanges, type PauseChanges } from "../status/pause.ts";
import { byCreation, hashOf, Key, type Pod, type ReplicaSet, type Service } from "./objects.ts";
import { timeText } from "./times.ts";
import { draftOf } from "./draft.ts";
import { copyJson } from "./json.ts";

/**
 * One Rollout in the middle of being decided. Every object in it is a draft (see `draftOf`): passes change drafts as if
 * each change were made at once, and the writes are what differs from the snapshot when no pass changes anything any more.
 */
export interface Release {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly time: string;
  /** With the pod template and the selector of what `workloadRef` names. */
  rollout: Rollout;
  /** The status that this pass starts from, and the one it makes. */
  before: RolloutStatus;
  status: RolloutStatus;
  sets: ReplicaSet[];
  newSet: ReplicaSet | undefined;
  stableSet: ReplicaSet | undefined;
  services: Map<string, Service>;
  runs: AnalysisRun[];
  /** Runs that are to go. */
  deletedRuns: Set<string>;
  deletedSets: Set<string>;
  /** Controlled no more. */
  releasedSets: ReplicaSet[];
  pods: Pod[];
  evicted: Pod[];
  workload: KubeObject | undefined;
  pause: PauseChanges;
  /** Decided when a pass begins, since the pass takes away what it is decided by. */
  isFastRollback: boolean;
  events: RolloutEvent[];
  lookAgainAt: number | undefined;
}

export function openRelease(snapshot: Snapshot, rollout: Rollout): Release {
  const { now } = snapshot;
  const release: Release = {
    snapshot,
    now,
    time: timeText(now),
    rollout,
    before: copyJson(rollout.status ?? {}),
    status: {},
    sets: snapshot.replicaSets.map(draftOf).sort(byCreation),
    newSet: undefined,
    stableSet: undefined,
    services: new Map(),
    runs: snapshot.runs.map(draftOf),
    deletedRuns: new Set(),
    deletedSets: new Set(),
    releasedSets: [],
    pods: snapshot.pods.map(draftOf),
    evicted: [],
    workload: snapshot.workload && draftOf(snapshot.workload),
    pause: noPauseChanges(),
    isFastRollback: false,
    events: [],
    lookAgainAt: undefined,
  };
  release.newSet = findNewSet(release);
  release.stableSet = findStableSet(release);
  return release;
}

/** The set whose hash the status calls stable; none before the first is. */
export function findStableSet({ before, sets, newSet }: Release): ReplicaSet | undefined {
  if (!before.stableRS) return undefined;
  return hashOf(newSet) === before.stableRS ? newSet : sets.find((set) => hashOf(set) === before.stableRS);
}

/** Neither the new nor the stable one. */
export const otherSets = ({ sets, newSet, stableSet }: Release): ReplicaSet[] => sets.filter((set) => set !== newSet && set !== stableSet);

export const olderSets = ({ sets, newSet }: Release): ReplicaSet[] => sets.filter((set) => set !== newSet);

export const blueGreenOf = ({ rollout }: Release): RolloutBlueGreen => rollout.spec.strategy!.blueGreen!;
export const canaryOf = ({ rollout }: Release): RolloutCanary => rollout.spec.strategy!.canary!;

/** A draft of a Service of the namespace. */
export function serviceOf(release: Release, name: string | undefined): Service | undefined {
  if (!name) return undefined;
  const draft = release.services.get(name);
  if (draft !== undefined) return draft;
  const stored = release.snapshot.service(name);
  if (stored === undefined) return undefined;
  const made = draftOf(stored);
  release.services.set(name, made);
  return made;
}

export const selectedHash = (service: Service | undefined): string => service?.spec.selector?.[Key.Hash] ?? "";

export const isFullyPromoted = ({ before }: Release): boolean => (before.stableRS ?? "") === (before.currentPodHash ?? "");

export function tell(release: Release, reason: string, message: string, of: KubeObject | "status" = "status", type: RolloutEvent["type"] = "Normal"): void {
  release.events.push({ type, reason, message, of: of === "status" ? of : eventKey(of) });
}

/** Comes back no later than this. What is due already was looked at just now. */
export function lookAgain(release: Release, at: number): void {
  if (at <= release.now) return;
  release.lookAgainAt = Math.min(release.lookAgainAt ?? Number.POSITIVE_INFINITY, at);
}

/** A pass that cannot go on: what it did so far is written, and it is tried again. */
export class Halt extends Error {
  override readonly name = "Halt";
}

export const secondsFrom = (text: string | undefined, seconds: number): number => Date.parse(text ?? "") + seconds * 1000;
