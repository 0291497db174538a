import type { KubeObject } from "@trireme/api";
import { replicaSetIcon } from "./icons.ts";
import { briefly, byText, HASH, imagesOf, ownedBy, revisionOf, type RolloutObjects } from "./objects.ts";
import { podInfos } from "./pods.ts";

/** ReplicaSets of a Rollout or an Experiment, newest revision first, with what each of them is to the Rollout. */
export function replicaSetInfos(owner: KubeObject, { replicaSets, pods }: Pick<RolloutObjects, "replicaSets" | "pods">): any[] {
  return replicaSets
    .filter(ownedBy(owner.metadata.uid))
    .sort((a, b) => revisionOf(b) - revisionOf(a) || byText(a.metadata.name, b.metadata.name))
    .map((set) => ({
      objectMeta: briefly(set.metadata),
      status: statusOf(set),
      icon: replicaSetIcon(statusOf(set)),
      revision: revisionOf(set),
      ...(owner.kind === "Rollout" && rolesOf(owner, set.metadata.labels?.[HASH] ?? "")),
      replicas: set["status"]?.replicas ?? 0,
      available: set["status"]?.availableReplicas ?? 0,
      template: set.metadata.annotations?.["experiment.argoproj.io/template-name"] ?? "",
      scaleDownDeadline: set.metadata.annotations?.["scale-down-deadline"] ?? "",
      images: imagesOf(set["spec"]?.template?.spec?.containers).map(({ image }) => image),
      initContainerImages: imagesOf(set["spec"]?.template?.spec?.initContainers).map(({ image }) => image),
      pods: podInfos(pods.filter(ownedBy(set.metadata.uid))),
    }));
}

export interface Roles {
  stable?: boolean;
  canary?: boolean;
  active?: boolean;
  preview?: boolean;
  ping?: boolean;
  pong?: boolean;
}

/** What the set with this hash is to a Rollout. */
export function rolesOf({ spec, status }: KubeObject, hash: string): Roles {
  const stable = (status?.stableRS ?? "") === hash;
  const { canary, blueGreen } = spec?.strategy ?? {};
  if (blueGreen) {
    const active = (status?.blueGreen?.activeSelector ?? "") === hash;
    return { stable, active, preview: !active && (status?.blueGreen?.previewSelector ?? "") === hash };
  }
  if (!canary) return {};
  const isCanary = !stable && (status?.currentPodHash ?? "") === hash;
  if (!canary.pingPong || !(stable || isCanary)) return { stable, canary: isCanary };
  const ping = (status?.canary?.stablePingPong === "ping") === stable;
  return { stable, canary: isCanary, ping, pong: !ping };
}

function statusOf(set: KubeObject): string {
  const { spec, status } = set;
  const wanted: number | undefined = spec?.replicas;
  if ((set.metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) return "Progressing";
  if ((status?.conditions ?? []).find((condition: any) => condition.type === "ReplicaFailure")?.status === "True") return "ReplicaFailure";
  if (wanted !== undefined && (status?.availableReplicas ?? 0) < wanted) return "Progressing";
  return wanted === 0 ? "ScaledDown" : "Healthy";
}
