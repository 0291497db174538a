import { keyOf, parseApiVersion, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { Annotation, confirmsDeletion, Finalizer, impersonatedAccount, isLivePermitted, keptOnDeletion, waveOf } from "@trireme/gitops";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import type { Facts } from "./facts.ts";

/** Deletes the highest wave of what is left. True when nothing is left. Throws where the cluster cannot be read. */
export async function deleteObjects(facts: Facts, finalizer: string, signal: AbortSignal): Promise<boolean> {
  const { app, live, project, cluster, projectClusters } = facts;
  const kinds = [...(app.status?.resources ?? []), ...(app.status?.operationState?.syncResult?.resources ?? [])].map(({ group = "", kind }) => ({ group, kind }));
  await live.ensure(kinds, signal);
  const doomed = [...live.tracked(facts.instance).values()].filter((object) => (object.metadata.ownerReferences?.length ?? 0) === 0 && mayDelete(object, app) && isLivePermitted(project.spec, keyOf(object), cluster, projectClusters));
  if (doomed.length === 0) return true;
  if (doomed.some((object) => object.metadata.deletionTimestamp !== undefined)) {
    for (const object of doomed) if (object.metadata.deletionTimestamp !== undefined) await stillThere(facts, object, signal);
    return false;
  }
  if (doomed.some((object) => confirmsDeletion(object, app.spec.syncPolicy?.syncOptions)) && !isApproved(app)) return false;

  const highest = Math.max(...doomed.map(waveOf));
  const client = deletingClient(facts);
  for (const object of doomed.filter((each) => waveOf(each) === highest)) {
    const uid = object.metadata.uid;
    try {
      await client.delete(refOf(object), { propagationPolicy: finalizer === Finalizer.Background ? "Background" : "Foreground", ...(uid !== undefined && { preconditions: { uid } }), signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
      await stillThere(facts, object, signal);
    }
  }
  return false;
}

/** An object that the cache still has but the server does not is taken out of the cache. */
async function stillThere(facts: Facts, object: KubeObject, signal: AbortSignal): Promise<void> {
  const found = await facts.live.client.find(refOf(object), { signal });
  if (found === undefined || found.metadata.uid !== object.metadata.uid) facts.live.observeDeleted(object);
}

function mayDelete(object: KubeObject, app: Application): boolean {
  const { group } = parseApiVersion(object.apiVersion);
  if (group === "argoproj.io" && object.kind === "Application" && object.metadata.uid === app.metadata.uid) return false;
  return keptOnDeletion(object, app.spec.syncPolicy?.syncOptions) === undefined;
}

function isApproved(app: Application): boolean {
  const approved = app.metadata.annotations?.[Annotation.DeletionApproved];
  return approved !== undefined && Date.parse(approved) >= Date.parse(app.metadata.deletionTimestamp ?? "");
}

/** As whom objects are deleted: as who made them. */
export function deletingClient(facts: Facts): Facts["live"]["client"] {
  if (!facts.settings.impersonation.enabled) return facts.live.client;
  const account = impersonatedAccount(facts.project, facts.cluster, facts.app.spec.destination.namespace ?? "");
  if (account !== "") return facts.live.client.as({ username: account });
  if (facts.settings.impersonation.enforced) throw new TypeError(`no matching service account found for destination server ${facts.cluster.server} and namespace ${facts.app.spec.destination.namespace ?? ""}`);
  return facts.live.client;
}
