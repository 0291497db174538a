import type { Application, Release, ReleasePinned, ReleaseProven, ReleaseQuarantined, ReleaseStatus, RevisionHistory } from "@trireme/api/argo";
import type { ReleaseReason } from "./verdict.ts";

/** So many rendered sets are kept to go back to. */
export const MOST_PROVEN = 3;
const MOST_QUARANTINED = 20;
/** So many rollbacks without a proven release between them end automated sync. */
export const MOST_ROLLBACKS = 3;

/** What is delivered: the digest of the rendered set, and the commits that gave it. */
export interface Delivered {
  digest: string;
  revisions: readonly string[];
}

/** What is remembered of this very application; of a namesake that was there before it, nothing. */
export function recordOf(release: Release | undefined, app: Application): ReleaseStatus {
  const status = release?.status;
  return status?.applicationUID !== undefined && status.applicationUID === app.metadata.uid ? status : {};
}

export function storedDigest(digest: string): string {
  return digest.startsWith("sha256:") ? digest : `sha256:${digest}`;
}

export function quarantineOf(status: ReleaseStatus, digest: string): ReleaseQuarantined | undefined {
  return status.quarantined?.find((each) => each.digest === storedDigest(digest));
}

export function provenAs(status: ReleaseStatus, digest: string): ReleaseProven | undefined {
  return status.proven?.find((each) => each.digest === storedDigest(digest));
}

/** The set that a rollback from `digest` goes to: the newest proven one that is another and not quarantined itself. */
export function rollbackTarget(status: ReleaseStatus, digest: string): ReleaseProven | undefined {
  return status.proven?.find((each) => each.digest !== storedDigest(digest) && quarantineOf(status, each.digest) === undefined);
}

/** The pinned set, where what Git wants is quarantined: then self-heal compares with it. */
export function pinInForce(status: ReleaseStatus, wanted: string): ReleasePinned | undefined {
  return quarantineOf(status, wanted) === undefined ? undefined : status.pinned;
}

/** A release has held: it comes first, what it replaced is let go, and nothing is pinned any more. */
export function withProven(status: ReleaseStatus, app: Application, proven: ReleaseProven): ReleaseStatus {
  const { pinned: _, ...rest } = status;
  return { ...rest, applicationUID: app.metadata.uid ?? "", proven: [proven, ...(status.proven ?? []).filter((each) => each.digest !== proven.digest)].slice(0, MOST_PROVEN), rollbacksSinceProven: 0 };
}

/** A release is taken back: its set is left alone from now on, and the one before it is held. Said twice of one failure, it counts once. */
export function withRollback(status: ReleaseStatus, app: Application, failed: Delivered & { reason: ReleaseReason; message: string }, to: ReleaseProven, now: string): ReleaseStatus {
  const entry: ReleaseQuarantined = { digest: storedDigest(failed.digest), ...revisionsOf(failed.revisions), reason: failed.reason, message: failed.message, since: now };
  return {
    ...status,
    applicationUID: app.metadata.uid ?? "",
    quarantined: [entry, ...(status.quarantined ?? []).filter((each) => each.digest !== entry.digest)].slice(0, MOST_QUARANTINED),
    pinned: { digest: to.digest, ...(to.revision !== undefined && { revision: to.revision }), ...(to.revisions !== undefined && { revisions: to.revisions }), since: now },
    rollbacksSinceProven: (status.rollbacksSinceProven ?? 0) + (quarantineOf(status, failed.digest) === undefined ? 1 : 0),
  };
}

/** A person lets a set go out again, or all of them; automated sync is no longer stopped. The same object where nothing changes. */
export function withoutQuarantine(status: ReleaseStatus, digest?: string): ReleaseStatus {
  const before = status.quarantined ?? [];
  const left = digest === undefined ? [] : before.filter((each) => each.digest !== storedDigest(digest));
  if (left.length === before.length) return status;
  const { pinned, quarantined: _, ...rest } = status;
  return { ...rest, ...(left.length > 0 && { quarantined: left, ...(pinned && { pinned }) }), rollbacksSinceProven: 0 };
}

/** A person syncs: what was quarantined and is meant goes out, and what was stopped goes on. The same object where nothing changes. */
export function withPersonsSync(status: ReleaseStatus, digest: string): ReleaseStatus {
  const lifted = withoutQuarantine(status, digest);
  if (lifted !== status || (status.rollbacksSinceProven ?? 0) < MOST_ROLLBACKS) return lifted;
  const { pinned: _, ...rest } = status;
  return { ...rest, rollbacksSinceProven: 0 };
}

export function revisionsOf(revisions: readonly string[]): { revision: string } | { revisions: string[] } {
  return revisions.length === 1 ? { revision: revisions[0]! } : { revisions: [...revisions] };
}

/** The commits as people read them: `4f2c1aa`, or several. */
export function shortRevisions(of: { revision?: string; revisions?: readonly string[] }): string {
  return (of.revisions ?? [of.revision ?? ""]).map((revision) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision)).join(", ");
}

export function lastHistory(app: Application): RevisionHistory | undefined {
  return app.status?.history?.at(-1);
}
