import type { Entry, EntryRevision } from "./entry.ts";

/** As far as a timeline needs it; see trireme.v1.Releases. */
export interface ReleasesRecord {
  proven?: readonly Deployed[];
  quarantined?: readonly (Deployed & { reason?: string; message?: string; since?: string })[];
  pinned?: Deployed & { since?: string };
}

interface Deployed {
  digest: string;
  revisions?: readonly string[];
  provenAt?: string;
}

/** As far as a timeline needs it; see trireme.v1.ObjectDifference. */
export interface ObjectDifference {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
  fields?: readonly { path: string; writer?: string; writtenAt?: string }[];
}

/** What is remembered of an application's releases: which held, which were taken back and for what. `repositories` are those of its sources. */
export function entriesOfReleases({ proven = [], quarantined = [], pinned }: ReleasesRecord, repositories: readonly string[]): Entry[] {
  const commits = (revisions: readonly string[] = []): EntryRevision[] => revisions.map((revision, sourceIndex) => ({ revision, repoURL: repositories[sourceIndex] ?? "", sourceIndex }));
  return [
    ...proven.flatMap(({ digest, revisions, provenAt }): Entry[] => (provenAt === undefined ? [] : [{ id: `proven/${digest}`, time: provenAt, kind: "release", reason: "Proven", what: `${named(revisions)} has held: it can be gone back to`, state: "Healthy", revisions: commits(revisions) }])),
    ...quarantined.flatMap(({ digest, revisions, message, reason, since }): Entry[] => (since === undefined ? [] : [{ id: `quarantined/${digest}/${since}`, time: since, kind: "release", reason: pinned === undefined ? "Quarantined" : "RolledBack", what: pinned === undefined ? `${named(revisions)} was quarantined` : `rolled back from ${named(revisions)} to ${named(pinned.revisions)}`, why: message ?? reason ?? "", state: "Degraded", revisions: commits(revisions) }])),
  ];
}

/** As it writes what Git wants; what differs by its hand is told by the release that it took back. */
const OWN_MANAGER = "argocd-controller";

/**
 * Who wrote what differs from Git now, and when: one entry for each object, writer and moment. Of what is written through
 * the `scale` subresource Kubernetes keeps the writer and no time.
 */
export function entriesOfDrift(differences: readonly ObjectDifference[]): Entry[] {
  return differences.flatMap(({ group = "", kind, namespace = "", name, fields = [] }) => {
    const writes = new Map<string, { writer: string; writtenAt: string; paths: string[] }>();
    for (const { path, writer, writtenAt = "" } of fields) {
      if (writer === undefined || writer === OWN_MANAGER) continue;
      const write = writes.get(`${writer} ${writtenAt}`) ?? { writer, writtenAt, paths: [] };
      write.paths.push(path);
      writes.set(`${writer} ${writtenAt}`, write);
    }
    return [...writes.values()].map(({ writer, writtenAt, paths }): Entry => ({ id: `drift/${group}/${kind}/${namespace}/${name}/${writer}/${writtenAt}`, time: writtenAt, kind: "drift", reason: "Drifted", what: `wrote ${shortList(paths)}, which is not as Git has it`, who: writer, state: "OutOfSync", object: { group, kind, namespace, name } }));
  });
}

const PATHS = 3;
const shortList = (paths: readonly string[]): string => (paths.length > PATHS ? `${paths.slice(0, PATHS).join(", ")} and ${paths.length - PATHS} more fields` : paths.join(", "));

const named = (revisions: readonly string[] | undefined): string => (revisions ?? []).map((revision) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision)).join(", ");
