import type { GroupVersionKind } from "@trireme/api";
import type { LiveCluster } from "../clusters/live-cluster.ts";

/** Argo CD's sentence about an object of a kind that its cluster does not serve, or not in this version. */
export function missingKind({ group, version, kind }: GroupVersionKind, namespace: string, name: string, live: LiveCluster): string {
  const what = `for requested resource ${namespace}/${name}`;
  const other = live.known?.find({ group, kind });
  if (other !== undefined) return `The Kubernetes API could not find version "${version}" of ${group}/${kind} ${what}. Version "${other.version}" of ${group}/${kind} is installed on the destination cluster.`;
  return `The Kubernetes API could not find ${group}/${kind} ${what}. Make sure the "${kind}" CRD is installed on the destination cluster.`;
}
