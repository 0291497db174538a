import type { KubeObject } from "@trireme/api";
import type { Application, Release, ReleaseProven, ReleaseStatus } from "@trireme/api/argo";
import { recordOf } from "@trireme/gitops";
import { isAlreadyExists, isConflict, isNotFound, refOf, watchCache, withoutManagedFields, type KubeClient } from "@trireme/kube";
import { AppError, asAppError, Code, type Logger } from "@trireme/runtime";
import { LostRaceError } from "../applications/write.ts";
import { secretsOfSet, setOfSecrets, type Sealing, type StoredSet } from "./stored-set.ts";

/** What is remembered of applications' releases, in `releases.trireme.dev` and the Secrets that hold their sets. */
export interface ReleaseStore extends AsyncDisposable {
  /** Whether anything can be remembered: the definition is there. */
  readonly available: boolean;
  of(app: Application): ReleaseStatus;
  /** One write. Throws LostRaceError where somebody else wrote meanwhile. */
  write(app: Application, next: ReleaseStatus): Promise<void>;
  /** Stores a set, one write for each Secret; returns their names. */
  keep(app: Application, set: StoredSet): Promise<string[]>;
  /** Throws AppError StoredSetUnreadable. */
  open(app: Application, proven: ReleaseProven): Promise<StoredSet>;
  /** Deletes the Secrets of releases that are not kept any more. */
  drop(app: Application, proven: readonly ReleaseProven[]): Promise<void>;
  on(listener: (namespace: string, name: string) => void): () => void;
}

const GVK = { group: "trireme.dev", version: "v1alpha1", kind: "Release" };

/**
 * Lists and watches. A cluster without the definition remembers nothing, and learns it when the definition comes;
 * one that cannot be read throws: a quarantine that is not known is not a quarantine that is not there.
 */
export async function openReleaseStore(options: { client: KubeClient; namespace: string | undefined; sealing: Sealing; log: Logger; signal?: AbortSignal }): Promise<ReleaseStore> {
  const { client, namespace, sealing, log } = options;
  const cache = watchCache<Release>(client, GVK, { ...(namespace !== undefined && { namespace }), transform: withoutManagedFields });
  const isServed = (await client.discovery({ ...(options.signal && { signal: options.signal }) })).find(GVK) !== undefined;
  if (!isServed) log.warn({ kind: "releases.trireme.dev" }, "releases are not remembered: their definition is not installed");
  try {
    if (isServed) await cache.waitForSync(options.signal);
  } catch (error) {
    await cache[Symbol.asyncDispose]();
    throw error;
  }

  const stored = (app: Application): Release | undefined => cache.get(app.metadata.namespace ?? "", app.metadata.name ?? "");
  const secretRef = (app: Application, name: string) => ({ group: "", kind: "Secret", namespace: app.metadata.namespace ?? "", name });

  return {
    get available() {
      return cache.synced;
    },
    of: (app) => recordOf(stored(app), app),
    async write(app, next) {
      const before = stored(app);
      try {
        cache.observe(before === undefined ? await client.create<Release>(releaseOf(app, next)) : await client.update<Release>({ ...before, metadata: { ...before.metadata, ownerReferences: owners(app) }, status: next }));
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error) && !isAlreadyExists(error)) throw error;
        const fresh = await client.find<Release>({ ...GVK, namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" });
        if (fresh !== undefined) cache.observe(fresh);
        else if (before !== undefined) cache.observeDeleted(before);
        throw new LostRaceError(app, undefined);
      }
    },
    async keep(app, set) {
      const secrets = secretsOfSet(app, set, sealing);
      for (const secret of secrets) {
        try {
          await client.create(secret);
        } catch (error) {
          if (!isAlreadyExists(error)) throw error;
          // Left by a process that ended before it said so: its content may be of other keys, and cannot be changed.
          await client.delete(refOf(secret));
          await client.create(secret);
        }
      }
      return secrets.map((secret) => secret.metadata.name!);
    },
    async open(app, proven) {
      const unreadable = (why: string, cause?: unknown) => new AppError(`the stored set of ${app.metadata.namespace}/${app.metadata.name} at ${proven.digest.slice(0, 19)} ${why}`, { reason: "StoredSetUnreadable", code: Code.DataLoss, retry: "later", cause });
      const secrets: KubeObject[] = [];
      for (const name of proven.secrets ?? []) {
        const secret = await client.find(secretRef(app, name));
        if (secret === undefined) throw unreadable(`is not whole: Secret ${name} is gone`);
        secrets.push(secret);
      }
      let set: StoredSet | undefined;
      try {
        set = setOfSecrets(app, proven.digest, secrets, sealing);
      } catch (cause) {
        throw unreadable("is damaged", cause);
      }
      if (set === undefined) throw unreadable("was sealed with keys that this installation does not have");
      return set;
    },
    async drop(app, proven) {
      for (const name of proven.flatMap((each) => each.secrets ?? [])) {
        await client.delete(secretRef(app, name)).catch((error: unknown) => {
          if (!isNotFound(error)) log.warn({ secret: name, error: asAppError(error).message }, "a set that is not kept any more could not be deleted");
        });
      }
    },
    on: (listener) => cache.on(({ object }) => listener(object.metadata.namespace ?? "", object.metadata.name ?? "")),
    [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
  };
}

function releaseOf(app: Application, status: ReleaseStatus): Release {
  return { apiVersion: "trireme.dev/v1alpha1", kind: "Release", metadata: { name: app.metadata.name ?? "", namespace: app.metadata.namespace ?? "", ownerReferences: owners(app) }, status };
}

function owners(app: Application): NonNullable<Release["metadata"]["ownerReferences"]> {
  return [{ apiVersion: "argoproj.io/v1alpha1", kind: "Application", name: app.metadata.name ?? "", uid: app.metadata.uid ?? "" }];
}
