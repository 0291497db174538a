import { gvkOf, parseApiVersion, type OwnerReference } from "@trireme/api";
import { isConflict, isNotFound, type ObjectRef } from "@trireme/kube";
import { workQueue } from "../../loop/work-queue.ts";
import type { Controller, ControllerContext } from "../context.ts";
import type { GraphObject, OwnershipGraph } from "./graph.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** Deletes what has lost its last owner, holds back owners that wait for their dependents, and lets orphans go. */
export function startGarbageCollector(ctx: ControllerContext, graph: OwnershipGraph): Controller {
  const { client } = ctx;
  const queue = workQueue({ name: "garbage collector", workers: 20, visit, ...(ctx.onError && { onError: ctx.onError }) });
  graph.on(({ object, old, deleted }) => {
    const { uid, ownerReferences = [] } = object.metadata;
    if (deleted) {
      graph.dependentsOf(uid).forEach(enqueue);
      // An owner that waits for this one may go now.
      for (const owner of ownerReferences) enqueueUid(owner.uid);
      return;
    }
    if (isDeleting(object) && !old?.metadata.deletionTimestamp) graph.dependentsOf(uid).forEach(enqueue);
    for (const owner of old?.metadata.ownerReferences ?? []) if (!ownerReferences.some((each) => each.uid === owner.uid)) enqueueUid(owner.uid);
    if (ownerReferences.length > 0 || isDeleting(object)) enqueue(object);
  });

  const enqueue = ({ metadata }: GraphObject) => queue.add(metadata.uid);
  const enqueueUid = (uid: string) => graph.get(uid) && queue.add(uid);

  async function visit(uid: string, signal: AbortSignal): Promise<void> {
    const object = graph.get(uid);
    if (!object) return;
    if (isDeleting(object)) {
      if (object.metadata.finalizers?.includes(ORPHAN)) return orphan(object, signal);
      if (object.metadata.finalizers?.includes(FOREGROUND)) return waitForDependents(object, signal);
      return;
    }
    if (object.metadata.ownerReferences?.length) await collect(object, signal);
  }

  async function collect(object: GraphObject, signal: AbortSignal): Promise<void> {
    const owners = await Promise.all(object.metadata.ownerReferences!.map(async (reference) => ({ reference, is: await stateOf(reference, object, signal) })));
    const solid = owners.filter(({ is }) => is === "solid");
    const gone = owners.filter(({ is }) => is === "absent" || is === "waiting");
    if (gone.length === 0) return;
    if (solid.length > 0) return patch(object, { ownerReferences: solid.map(({ reference }) => reference) }, signal);

    const waits = owners.some(({ is }) => is === "waiting");
    const dependents = graph.dependentsOf(object.metadata.uid);
    if (waits && dependents.some((dependent) => dependent.metadata.finalizers?.includes(FOREGROUND) && dependent.metadata.deletionTimestamp)) {
      // Two that wait for each other: nobody would ever go.
      await patch(object, { ownerReferences: object.metadata.ownerReferences!.map(({ blockOwnerDeletion: _, ...rest }) => rest) }, signal);
    }
    const finalizers = object.metadata.finalizers ?? [];
    const policy = finalizers.includes(ORPHAN) ? "Orphan" : finalizers.includes(FOREGROUND) || (waits && dependents.length > 0) ? "Foreground" : "Background";
    try {
      await client.delete(refTo(object), { propagationPolicy: policy, preconditions: { uid: object.metadata.uid }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  /** An owner that is deleted in the foreground goes when nothing that blocks it is left. */
  async function waitForDependents(owner: GraphObject, signal: AbortSignal): Promise<void> {
    const blocking = graph.dependentsOf(owner.metadata.uid).filter((dependent) => dependent.metadata.ownerReferences?.some(({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion));
    if (blocking.length === 0) return withoutFinalizer(owner, FOREGROUND, signal);
    for (const dependent of blocking) if (!isDeleting(dependent)) enqueue(dependent);
  }

  async function orphan(owner: GraphObject, signal: AbortSignal): Promise<void> {
    await Promise.all(graph.dependentsOf(owner.metadata.uid).map((dependent) => patch(dependent, { ownerReferences: dependent.metadata.ownerReferences!.filter(({ uid }) => uid !== owner.metadata.uid) }, signal)));
    await withoutFinalizer(owner, ORPHAN, signal);
  }

  /** `unknown` keeps everything as it is: an owner that could not be read is not an owner that is gone. */
  async function stateOf(reference: OwnerReference, dependent: GraphObject, signal: AbortSignal): Promise<"solid" | "waiting" | "absent" | "unknown"> {
    const known = graph.get(reference.uid);
    if (known) return known.metadata.deletionTimestamp && known.metadata.finalizers?.includes(FOREGROUND) && reference.blockOwnerDeletion ? "waiting" : "solid";
    try {
      const gvk = { ...parseApiVersion(reference.apiVersion), kind: reference.kind };
      const info = (await client.discovery({ signal })).find(gvk);
      if (!info) return "unknown";
      if (info.namespaced && !dependent.metadata.namespace) return "unknown";
      const live = await client.find({ ...gvk, namespace: info.namespaced ? dependent.metadata.namespace! : "", name: reference.name }, { signal });
      return live?.metadata.uid === reference.uid ? "solid" : "absent";
    } catch {
      return "unknown";
    }
  }

  function withoutFinalizer(object: GraphObject, finalizer: string, signal: AbortSignal): Promise<void> {
    return patch(object, { finalizers: (object.metadata.finalizers ?? []).filter((each) => each !== finalizer) }, signal);
  }

  async function patch(object: GraphObject, metadata: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    try {
      await client.patch(refTo(object), "merge", { metadata: { uid, resourceVersion, ...metadata } }, { signal });
    } catch (thrown) {
      if (isNotFound(thrown)) return;
      // The watch brings the newer state, and with it the next visit; without it the queue comes back.
      if (isConflict(thrown)) queue.addAfter(uid, 50);
      else throw thrown;
    }
  }

  return {
    start() {
      for (const uid of graph.unknownOwners()) graph.dependentsOf(uid).forEach(enqueue);
      // Deletions that an earlier run began: the graph told of them before anybody listened.
      for (const object of graph.deleting()) {
        enqueue(object);
        graph.dependentsOf(object.metadata.uid).forEach(enqueue);
      }
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

function isDeleting(object: GraphObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

function refTo(object: GraphObject): ObjectRef {
  return { ...gvkOf(object), namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}
