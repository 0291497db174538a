import { annotate, hashOf, Key, wanted, type ReplicaSet, type Service } from "../rollout/objects.ts";
import { dependable } from "../replica-sets/availability.ts";
import { selectedHash, serviceOf, tell, type Release } from "../rollout/release.ts";

/** Points a Service at the pods of one hash; the rest of its selector stays. */
export function switchService(release: Release, service: Service, hash: string): void {
  const from = selectedHash(service);
  const isManaged = service.metadata.annotations?.[Key.ManagedBy] !== undefined;
  if (from === hash && isManaged) return;
  service.spec.selector = { ...service.spec.selector, [Key.Hash]: hash };
  if (!isManaged) annotate(service, Key.ManagedBy, release.rollout.metadata.name ?? "");
  tell(release, "SwitchService", `Switched selector for service '${service.metadata.name}' from '${from}' to '${hash}'`, service);
}

/**
 * As `switchService`, to a set that can serve: all of its pods before a Service is taken over, one of them later.
 */
export function pointService(release: Release, name: string | undefined, set: ReplicaSet | undefined): void {
  const service = serviceOf(release, name);
  if (service === undefined || set === undefined || selectedHash(service) === hashOf(set)) return;
  const isManaged = service.metadata.annotations?.[Key.ManagedBy] !== undefined;
  const serving = dependable(release, set);
  const canServe = serving > 0 && (isManaged || serving >= wanted(set));
  if (canServe) switchService(release, service, hashOf(set));
}
