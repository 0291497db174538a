import type { Application, ApplicationSource, RevisionHistory } from "@trireme/api/argo";
import { shortRevision } from "../../describe.ts";

export interface EntrySource {
  source: ApplicationSource;
  revision: string;
}

/** The history, newest first: the first one is what was deployed last. */
export const entriesOf = (app: Application): RevisionHistory[] => [...(app.status?.history ?? [])].sort((a, b) => (b.id ?? 0) - (a.id ?? 0));

export function sourcesOfEntry({ source, sources, revision = "", revisions = [] }: RevisionHistory): EntrySource[] {
  if (sources !== undefined && sources !== null && sources.length > 0) return sources.map((one, index) => ({ source: one, revision: revisions[index] ?? "" }));
  return source === undefined ? [] : [{ source, revision }];
}

/** The revisions of an entry as people write them, each once. */
export const revisionsOf = (entry: RevisionHistory): string => [...new Set(sourcesOfEntry(entry).map(({ revision }) => shortRevision(revision)))].join(", ");

/** What the source says beside where it lies: Helm, Kustomize, plugin, directory; undefined where it says nothing. */
export function parametersOf({ helm, kustomize, plugin, directory }: ApplicationSource): object | undefined {
  const said = Object.entries({ helm, kustomize, plugin, directory }).filter(([, value]) => value !== undefined && value !== null && Object.keys(value).length > 0);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
