import type { Rollout } from "@trireme/api/argo";
import type { AnalysisRun } from "../analysis/index.ts";
import { stepText } from "../canary/steps.ts";
import { available, byCreation, hashOf, Key, ready, revisionOf, wanted, type Pod, type ReplicaSet, type Service } from "../rollout/objects.ts";
import { strategyOf } from "../strategies/annotation.ts";
import { analysesOfRevision, stoppedRun, type ReportedAnalysis } from "./analyses.ts";
import { reportServices, type ReportedService } from "./services.ts";
import { waitingFor, type Waiting } from "./waiting.ts";
import { reportWeight, type ReportedWeight } from "./weight.ts";

/** What a Rollout is releasing, as data: the JSON of `trireme.v1.RolloutRelease`. Times are RFC 3339. */
export interface ReleaseReport {
  namespace: string;
  name: string;
  strategy: string;
  phase: string;
  message: string;
  step?: { number: number; count: number; description: string };
  /** All of them, in order. */
  steps: { description: string }[];
  weight?: ReportedWeight;
  services: ReportedService[];
  waitingFor?: Waiting;
  aborted: boolean;
  abortedAt?: string;
  stableRevision: string;
  currentRevision: string;
  sets: ReportedSet[];
  analyses: ReportedAnalysis[];
  /** The newest run of another revision, where it did not succeed. */
  stoppedBy?: ReportedAnalysis;
}

export interface ReportedSet {
  name: string;
  revision: string;
  podTemplateHash: string;
  roles: string[];
  desired: number;
  ready: number;
  available: number;
  images: string[];
  scaleDownAt?: string;
  /** Oldest first, and no more than MOST_PODS. */
  pods: ReportedPod[];
}

export interface ReportedPod {
  name: string;
  ready: boolean;
  terminating: boolean;
  /** As kubectl says it: Running, ImagePullBackOff, Pending. */
  reason: string;
}

/** What a Rollout controls, and what stands around it. */
export interface Surroundings {
  sets: readonly ReplicaSet[];
  runs: readonly AnalysisRun[];
  /** Those that it steers, where they are known. */
  services?: readonly Service[];
  podsOf?: (set: ReplicaSet) => readonly Pod[];
  /** How a pod is, in a word. */
  reasonOf?: (pod: Pod) => string;
}

/** Of one set. */
const MOST_PODS = 200;

export function reportRelease(rollout: Rollout, { sets, runs, services = [], podsOf = () => [], reasonOf = () => "" }: Surroundings): ReleaseReport {
  const status = rollout.status ?? {};
  const ofHash = (hash: string | undefined) => sets.find((set) => hash !== undefined && hash !== "" && hashOf(set) === hash);
  const revision = (set: ReplicaSet | undefined) => (set === undefined ? "" : String(revisionOf(set)));
  const current = ofHash(status.currentPodHash);
  const waiting = waitingFor(rollout, current);
  const step = reportStep(rollout);
  const weight = reportWeight(rollout, sets);
  const stoppedBy = stoppedRun(runs, status.currentPodHash ?? "");
  return {
    namespace: rollout.metadata.namespace ?? "",
    name: rollout.metadata.name ?? "",
    strategy: strategyOf(rollout)?.kind ?? (rollout.spec.strategy?.blueGreen !== undefined ? "BlueGreen" : rollout.spec.strategy?.canary !== undefined ? "Canary" : ""),
    phase: status.phase ?? "",
    message: status.message ?? "",
    ...(step !== undefined && { step }),
    steps: (rollout.spec.strategy?.canary?.steps ?? []).map((each) => ({ description: stepText(each) })),
    ...(weight !== undefined && { weight }),
    services: reportServices(rollout, sets, services),
    ...(waiting !== undefined && { waitingFor: waiting }),
    aborted: status.abort === true,
    ...(status.abortedAt !== undefined && { abortedAt: status.abortedAt }),
    stableRevision: revision(ofHash(status.stableRS)),
    currentRevision: revision(current),
    sets: [...sets].sort((a, b) => revisionOf(b) - revisionOf(a)).map((set) => ({ ...reportSet(rollout, set), pods: [...podsOf(set)].sort(byCreation).slice(0, MOST_PODS).map((pod) => reportPod(pod, reasonOf(pod))) })),
    analyses: analysesOfRevision(runs, status.currentPodHash ?? ""),
    ...(stoppedBy !== undefined && { stoppedBy }),
  };
}

function reportStep(rollout: Rollout): ReleaseReport["step"] {
  const steps = rollout.spec.strategy?.canary?.steps ?? [];
  if (steps.length === 0) return undefined;
  const index = rollout.status?.currentStepIndex ?? 0;
  const step = steps[index];
  return { number: Math.min(index, steps.length) + 1, count: steps.length, description: step === undefined ? "" : stepText(step) };
}

function reportPod({ metadata, status }: Pod, reason: string): ReportedPod {
  return { name: metadata.name ?? "", ready: status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true, terminating: metadata.deletionTimestamp !== undefined, reason };
}

function reportSet(rollout: Rollout, set: ReplicaSet): Omit<ReportedSet, "pods"> {
  const hash = hashOf(set);
  const { stableRS, currentPodHash, blueGreen } = rollout.status ?? {};
  const deadline = set.metadata.annotations?.[Key.ScaleDownDeadline];
  const roles = [
    ...(stableRS === hash ? ["stable"] : []),
    ...(rollout.spec.strategy?.canary !== undefined && currentPodHash === hash && stableRS !== hash ? ["canary"] : []),
    ...(blueGreen?.activeSelector === hash ? ["active"] : []),
    ...(blueGreen?.previewSelector === hash ? ["preview"] : []),
  ];
  const images = [...new Set<string>((set.spec.template.spec?.["containers"] ?? []).map((container: { image?: string }) => container.image ?? ""))];
  return { name: set.metadata.name ?? "", revision: String(revisionOf(set)), podTemplateHash: hash, roles, desired: wanted(set), ready: ready(set), available: available(set), images, ...(deadline !== undefined && deadline !== "" && { scaleDownAt: deadline }) };
}
