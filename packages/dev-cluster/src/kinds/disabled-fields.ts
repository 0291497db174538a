import type { KubeObject } from "@trireme/api";
import type { Strategy } from "./strategy.ts";

type Spec = Record<string, any>;

/** Fields of the schemas whose features are off by default in Kubernetes 1.36: what is new in them is dropped, what is stored stays. */
const POD_FIELDS = ["schedulingGroup"];
const POD_STATUS_FIELDS = ["nodeAllocatableResourceClaimStatuses"];
const CONTAINER_STATUSES = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

/** The strategy of a kind that keeps a pod's spec somewhere, without such fields in it. */
export function withoutDisabledPodFields(strategy: Strategy, specOf: (object: KubeObject) => Spec | undefined): Strategy {
  return {
    ...strategy,
    prepareCreate(object, ctx) {
      dropFields(specOf(object), undefined, POD_FIELDS);
      strategy.prepareCreate?.(object, ctx);
    },
    prepareUpdate(object, old, ctx) {
      dropFields(specOf(object), specOf(old), POD_FIELDS);
      strategy.prepareUpdate?.(object, old, ctx);
    },
  };
}

export function dropDisabledPodStatus(status: Spec | undefined, old: Spec | undefined): void {
  dropFields(status, old, POD_STATUS_FIELDS);
  for (const list of CONTAINER_STATUSES) for (const container of status?.[list] ?? []) for (const mount of container.volumeMounts ?? []) delete mount.volumeStatus;
}

export function dropFields(spec: Spec | undefined, old: Spec | undefined, fields: readonly string[]): void {
  if (spec === undefined) return;
  for (const field of fields) if (old?.[field] === undefined) delete spec[field];
}
