import type { ApplicationSource } from "@trireme/api/argo";
import type { Repository } from "../../repositories/use-repositories.ts";

/** Where a source comes from. */
export const ORIGINS = ["git", "helm", "oci"] as const;
export type Origin = (typeof ORIGINS)[number];

/** A chart comes from a Helm repository, or from a registry that is one. */
export function originOf(source: ApplicationSource, repositories: readonly Repository[]): Origin {
  const known = repositories.find(({ repo }) => repo === source.repoURL);
  if (source.chart !== undefined && source.chart !== null) return known?.enableOCI === true || source.repoURL?.startsWith("oci://") === true ? "oci" : "helm";
  return "git";
}

/** The same source from elsewhere: charts have versions, folders of Git have paths. */
export function withOrigin(source: ApplicationSource, origin: Origin): ApplicationSource {
  const { path, chart, ...rest } = source;
  if (origin === "git") return { ...rest, path: path ?? ".", targetRevision: source.targetRevision || "HEAD" };
  return { ...rest, chart: chart ?? "", targetRevision: source.targetRevision === "HEAD" ? "" : (source.targetRevision ?? "") };
}

/** A repository that was chosen says itself what comes from it. */
export function withRepository(source: ApplicationSource, repoURL: string, repositories: readonly Repository[]): ApplicationSource {
  const known = repositories.find(({ repo }) => repo === repoURL);
  const next = { ...source, repoURL };
  if (known === undefined) return next;
  const charts = known.type === "helm";
  const hasChart = source.chart !== undefined && source.chart !== null;
  return charts === hasChart ? next : withOrigin(next, charts ? (known.enableOCI === true ? "oci" : "helm") : "git");
}
