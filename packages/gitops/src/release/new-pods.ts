import { parseApiVersion, type KubeObject } from "@trireme/api";

export interface Children {
  childrenOf(object: KubeObject): readonly KubeObject[];
}

/**
 * The pods that a workload's newest template has made; `undefined` for kinds that make none. Old pods, which may be
 * ill for reasons of their own, are never among them.
 */
export function newestPods(workload: KubeObject, live: Children): KubeObject[] | undefined {
  const { group } = parseApiVersion(workload.apiVersion);
  switch (`${group}/${workload.kind}`) {
    case "apps/Deployment":
      return podsOf(newestReplicaSet(workload, live), live);
    case "argoproj.io/Rollout":
      return podsOf(live.childrenOf(workload).find((child) => child.kind === "ReplicaSet" && label(child, ROLLOUT_HASH) === workload["status"]?.currentPodHash), live);
    case "apps/StatefulSet":
      return live.childrenOf(workload).filter((child) => isPod(child) && label(child, REVISION_HASH) === workload["status"]?.updateRevision);
    case "apps/DaemonSet": {
      const newest = newestControllerRevision(workload, live);
      return newest === undefined ? [] : live.childrenOf(workload).filter((child) => isPod(child) && label(child, REVISION_HASH) === newest);
    }
    default:
      return undefined;
  }
}

const ROLLOUT_HASH = "rollouts-pod-template-hash";
const REVISION_HASH = "controller-revision-hash";
const DEPLOYMENT_REVISION = "deployment.kubernetes.io/revision";

/** A Deployment numbers its sets in the order of its templates; an older template that came back has the highest again. */
function newestReplicaSet(deployment: KubeObject, live: Children): KubeObject | undefined {
  const revision = (set: KubeObject) => Number(set.metadata.annotations?.[DEPLOYMENT_REVISION] ?? 0);
  return live.childrenOf(deployment).filter((child) => child.kind === "ReplicaSet").sort((a, b) => revision(b) - revision(a))[0];
}

function newestControllerRevision(set: KubeObject, live: Children): string | undefined {
  const revisions = live.childrenOf(set).filter((child) => child.kind === "ControllerRevision");
  const newest = revisions.sort((a, b) => Number(b["revision"] ?? 0) - Number(a["revision"] ?? 0))[0];
  return newest === undefined ? undefined : (label(newest, REVISION_HASH) ?? newest.metadata.name?.slice((set.metadata.name?.length ?? 0) + 1));
}

function podsOf(set: KubeObject | undefined, live: Children): KubeObject[] {
  return set === undefined ? [] : live.childrenOf(set).filter(isPod);
}

const isPod = (object: KubeObject): boolean => object.kind === "Pod" && object.apiVersion === "v1";

const label = (object: KubeObject, name: string): string | undefined => object.metadata.labels?.[name];
