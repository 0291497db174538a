import type { Rollout } from "@trireme/api/argo";
import { hashOf, Key, type ReplicaSet, type Service } from "../rollout/objects.ts";

export interface ReportedService {
  name: string;
  /** active, preview, stable, canary. */
  role: string;
  /** The ReplicaSet that it selects; absent where it selects none of them. */
  set?: string;
}

/**
 * The Services that a Rollout steers, with what each of them selects: as it stands in the cluster where that is known,
 * else as the Rollout's controller has written down.
 */
export function reportServices({ metadata, spec, status = {} }: Rollout, sets: readonly ReplicaSet[], services: readonly Service[]): ReportedService[] {
  const { blueGreen, canary } = spec.strategy ?? {};
  const steered: [role: string, name: string | undefined, written: string | undefined][] = [
    ["active", blueGreen?.activeService, status.blueGreen?.activeSelector],
    ["preview", blueGreen?.previewService, status.blueGreen?.previewSelector],
    ["stable", canary?.stableService, status.stableRS],
    ["canary", canary?.canaryService, status.currentPodHash],
  ];
  return steered.flatMap(([role, name, written]) => {
    if (name === undefined || name === "") return [];
    const live = services.find((service) => service.metadata.name === name && service.metadata.namespace === metadata.namespace);
    const hash = live === undefined ? written : live.spec.selector?.[Key.Hash];
    const set = sets.find((each) => hash !== undefined && hash !== "" && hashOf(each) === hash)?.metadata.name;
    return [{ name, role, ...(set !== undefined && { set }) }];
  });
}
