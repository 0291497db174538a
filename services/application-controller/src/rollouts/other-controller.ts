import { watchCache, type KubeClient, type LeaseObject } from "@trireme/kube";
import type { Clock, TimerWheel } from "@trireme/runtime";

/** The Lease that Argo Rollouts' own controller holds, in whichever namespace it runs. */
const LEASE = "argo-rollouts-controller-lock";
/** Twice its default duration: nobody renews it any more. */
const SILENT_MS = 30_000;

export interface OtherController extends AsyncDisposable {
  /** Who holds the Lease and where, as long as it is being renewed, or why that is not known; undefined: nobody does. */
  readonly holder: string | undefined;
}

/**
 * Watches whether Argo Rollouts' own controller works on a cluster. Whether a Lease is fresh is judged by when it was
 * last seen to change; only what stands there at the beginning is judged by its own time.
 */
export function watchOtherController(client: KubeClient, options: { clock: Clock; wheel: TimerWheel; /** Who watches: of each, one on a cluster. */ purpose?: string; onChange: () => void }): OtherController {
  const { clock, wheel } = options;
  const seen = new Map<string, { at: number; holder: string }>();
  const timer = `other-controller:${options.purpose ?? ""}:${client.cluster}`;
  const cache = watchCache<LeaseObject>(client, { group: "coordination.k8s.io", version: "v1", kind: "Lease" }, { fieldSelector: `metadata.name=${LEASE}`, onState: () => changed() });
  const holderNow = () => {
    // Not read is not absent: until the Leases are known somebody may be at work.
    if (!cache.synced) return `unknown: ${cache.failure?.message ?? "Leases were not read yet"}`;
    return [...seen.values()].find(({ at }) => clock.now() - at < SILENT_MS)?.holder;
  };
  let told: string | undefined = holderNow();
  const changed = () => {
    const holder = holderNow();
    if (seen.size > 0 && holder !== undefined) wheel.set(timer, Math.max(...[...seen.values()].map(({ at }) => at)) + SILENT_MS + 1, changed);
    if (holder === told) return;
    told = holder;
    options.onChange();
  };
  cache.on(({ type, object, old }) => {
    const place = object.metadata.namespace ?? "";
    const identity = object.spec?.holderIdentity ?? "";
    if (type === "deleted" || identity === "") seen.delete(place);
    else seen.set(place, { at: old === undefined ? Math.min(clock.now(), Date.parse(object.spec?.renewTime ?? "") || 0) : clock.now(), holder: `${identity} (Lease ${place}/${LEASE})` });
    changed();
  });
  return {
    get holder() {
      return holderNow();
    },
    async [Symbol.asyncDispose]() {
      wheel.delete(timer);
      await cache[Symbol.asyncDispose]();
    },
  };
}
