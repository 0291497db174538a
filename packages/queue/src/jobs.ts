import { createHash } from "node:crypto";

/** A job carries a name, never state: what is to be done is derived from the object and the cluster. */
export interface SyncJob {
  namespace: string;
  name: string;
  uid: string;
}

/** A repository's ref may have moved. `hint` is the commit that a webhook named: fetched early, never trusted. */
export interface RefreshJob {
  repoURL: string;
  /** Branch or tag as the sender named it (`refs/heads/main`); "" for any ref. */
  ref: string;
  hint?: string;
}

/** One due measurement of an AnalysisRun; counted once under (uid, metric, index). */
export interface AnalysisJob {
  namespace: string;
  name: string;
  uid: string;
  metric: string;
  index: number;
}

export interface JobTypes {
  sync: SyncJob;
  refresh: RefreshJob;
  analysis: AnalysisJob;
}

export type JobKind = keyof JobTypes;

/** One queue of each kind per shard, consumed only by the shard's owner. */
export function queueName(kind: JobKind, shard: number): string {
  return `${kind}-${shard}`;
}

/** Equal work, equal id: what waits already is not queued twice. */
export function jobId<K extends JobKind>(kind: K, job: JobTypes[K]): string {
  switch (kind) {
    case "sync":
      return (job as SyncJob).uid;
    case "refresh": {
      const { repoURL, ref } = job as RefreshJob;
      return createHash("sha256").update(`${repoURL}\n${ref}`).digest("hex").slice(0, 32);
    }
    default: {
      const { uid, metric, index } = job as AnalysisJob;
      if (/^[\w.-]{1,63}$/.test(metric)) return `${uid}.${index}.${metric}`;
      return createHash("sha256").update(`${uid}\n${metric}\n${index}`).digest("hex").slice(0, 32);
    }
  }
}
