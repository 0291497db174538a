import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../loop/informers.ts";
import { controllerUid, indexBy, type Index } from "../loop/index-by.ts";
import { controllerRef, type ControllerContext } from "./context.ts";
import type { PodTemplate } from "./pods.ts";
import { safeHash } from "./template-hash.ts";

export const CONTROLLER_REVISION = { group: "apps", version: "v1", kind: "ControllerRevision" };

export interface ControllerRevision extends KubeObject {
  data: { spec: { template: PodTemplate & { $patch?: string } } };
  revision: number;
}

export interface Revisions {
  /** All revisions of the owner, oldest first. */
  of(owner: KubeObject): ControllerRevision[];
  /** The revision of the owner's present template; created or moved to the front where it is not the newest. */
  current(owner: KubeObject & { spec: { template: PodTemplate } }, collisions: number, signal: AbortSignal): Promise<ControllerRevision>;
  /** Removes the oldest beyond `limit`, except those in use. */
  trim(owner: KubeObject, limit: number, inUse: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
}

/** The templates that StatefulSets and DaemonSets had; `hashLabel` is where each writes the hash. */
export function controllerRevisions(ctx: ControllerContext, kind: Kind, hashLabel: string): Revisions {
  const cache = ctx.informers.of<ControllerRevision>(CONTROLLER_REVISION);
  const byOwner: Index<ControllerRevision> = indexBy(cache, controllerUid);
  const of = (owner: KubeObject) => byOwner.get(owner.metadata.uid!).toSorted((a, b) => a.revision - b.revision);

  return {
    of,
    async current(owner, collisions, signal) {
      const data = { spec: { template: { ...owner.spec.template, $patch: "replace" } } };
      const known = of(owner);
      const newest = known.at(-1);
      const same = known.find((revision) => isDeepStrictEqual(revision.data, data));
      if (same && same === newest) return same;
      if (same) {
        const moved = await ctx.client.update<ControllerRevision>({ ...same, revision: newest!.revision + 1 }, { signal });
        cache.observe(moved);
        return moved;
      }
      return create(owner, data, (newest?.revision ?? 0) + 1, collisions, signal);
    },
    async trim(owner, limit, inUse, signal) {
      const unused = of(owner).filter(({ metadata }) => !inUse.has(metadata.name!));
      for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
        try {
          await ctx.client.delete({ ...CONTROLLER_REVISION, namespace: revision.metadata.namespace!, name: revision.metadata.name! }, { signal });
        } catch (thrown) {
          if (!isNotFound(thrown)) throw thrown;
        }
        cache.observeDeleted(revision);
      }
    },
  };

  async function create(owner: KubeObject & { spec: { template: PodTemplate } }, data: ControllerRevision["data"], revision: number, collisions: number, signal: AbortSignal): Promise<ControllerRevision> {
    for (let attempt = collisions; ; attempt++) {
      const hash = safeHash(owner.spec.template, attempt);
      const name = `${owner.metadata.name}-${hash}`;
      const metadata = { name, namespace: owner.metadata.namespace!, labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash }, ownerReferences: [controllerRef(owner, kind)] };
      try {
        const created = await ctx.client.create<ControllerRevision>({ apiVersion: "apps/v1", kind: "ControllerRevision", metadata, data, revision }, { signal });
        cache.observe(created);
        return created;
      } catch (thrown) {
        if (!isAlreadyExists(thrown) || attempt > collisions + 10) throw thrown;
        const found = await ctx.client.get<ControllerRevision>({ ...CONTROLLER_REVISION, namespace: owner.metadata.namespace!, name }, { signal });
        if (found.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) && isDeepStrictEqual(found.data, data)) {
          cache.observe(found);
          return found;
        }
      }
    }
  }
}
