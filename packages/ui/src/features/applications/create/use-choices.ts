import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ApplicationSource } from "@trireme/api/argo";
import { address, call } from "../../../api/client.ts";
import type { Repository } from "../../repositories/use-repositories.ts";
import type { SourceDetails } from "../inspect/parameters/panel.tsx";
import { HEAD, IN_CLUSTER } from "./form.ts";
import { originOf } from "./source.ts";

/** Projects and clusters that can be named. */
export function useDestinations() {
  const projects = useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => call<{ items?: { metadata: { name: string } }[] | null }>("GET", "api/v1/projects?fields=items.metadata.name", undefined, signal) });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: ({ signal }) => call<{ items?: { server: string; name?: string }[] | null }>("GET", "api/v1/clusters", undefined, signal) });
  const known = clusters.data?.items ?? [];
  return {
    projects: (projects.data?.items ?? []).map(({ metadata }) => metadata.name),
    servers: [...new Set([IN_CLUSTER, ...known.map(({ server }) => server)])],
    clusterNames: [...new Set(["in-cluster", ...known.flatMap(({ name }) => name || [])])],
  };
}

type Items<T> = { items?: T[] | null };

/** What a connected repository offers for a source: branches and tags, paths, or charts and their versions; and what a path or a chart is. */
export function useSourceChoices(source: ApplicationSource, { project, name, repositories }: { project: string; name: string; repositories: readonly Repository[] }) {
  const { repoURL = "", targetRevision = "", path = "" } = source;
  const origin = originOf(source, repositories);
  const known = repositories.some(({ repo }) => repo === repoURL);
  const git = known && origin === "git";
  const at = (rest: string, parameters: Record<string, string> = {}): string => address(`api/v1/repositories/${encodeURIComponent(repoURL)}/${rest}`, { appProject: project, ...parameters });
  const refs = useQuery({ queryKey: ["refs", repoURL, project], enabled: git, queryFn: ({ signal }) => call<{ branches?: string[] | null; tags?: string[] | null }>("GET", at("refs"), undefined, signal) });
  const names = [...(refs.data?.branches ?? []), ...(refs.data?.tags ?? [])];
  const revision = targetRevision || HEAD;
  // A name that is still being typed is nobody's yet.
  const asked = revision === HEAD || names.includes(revision);
  const paths = useQuery({ queryKey: ["paths", repoURL, revision, project], enabled: git && asked, queryFn: ({ signal }) => call<Items<{ path: string; type: string }>>("GET", at("apps", { revision }), undefined, signal) });
  const directories = useQuery({ queryKey: ["directories", repoURL, revision, project], enabled: git && asked, queryFn: ({ signal }) => call<Items<string> & { more?: boolean }>("GET", address(`api/trireme/v1/repositories/${encodeURIComponent(repoURL)}/directories`, { appProject: project, revision }), undefined, signal) });
  const listed = git ? paths.data?.items?.find((one) => clean(one.path) === clean(path)) : undefined;
  const charts = useQuery({ queryKey: ["charts", repoURL, project], enabled: known && origin === "helm", queryFn: ({ signal }) => call<Items<{ name: string; versions?: string[] | null }>>("GET", at("helmcharts"), undefined, signal) });
  const chart = charts.data?.items?.find((one) => one.name === source.chart);
  // A registry has no list of its charts; the versions of one are asked for when somebody comes to choose one.
  const [named, setNamed] = useState(source.chart);
  const tags = useQuery({
    queryKey: ["oci-tags", repoURL, named, project],
    enabled: known && origin === "oci" && Boolean(named) && named === source.chart,
    queryFn: ({ signal }) => call<{ tags?: string[] | null }>("GET", address(`api/v1/repositories/${encodeURIComponent(`${repoURL}/${named}`)}/oci-tags`, { appProject: project }), undefined, signal),
    retry: false,
  });
  const versions = origin === "oci" ? (tags.data?.tags ?? []).filter(isVersion) : (chart?.versions ?? []);
  const isChart = versions.includes(targetRevision);
  const type = origin !== "git" ? "Helm" : (listed?.type ?? (paths.data === undefined ? undefined : "Directory"));
  const details = useQuery({
    queryKey: ["source-details", repoURL, revision, path, source.chart, project],
    enabled: isChart || (asked && (listed?.type === "Helm" || listed?.type === "Kustomize")),
    queryFn: ({ signal }) => call<SourceDetails>("POST", `api/v1/repositories/${encodeURIComponent(repoURL)}/appdetails`, { source: { repoURL, targetRevision, ...(origin === "git" ? { path } : { chart: source.chart }) }, appName: name, appProject: project }, signal),
    retry: false,
  });
  return {
    origin,
    revisions: origin === "git" ? [HEAD, ...names] : versions,
    paths: [...new Set([...(paths.data?.items ?? []).map((one) => one.path), ...(directories.data?.items ?? [])])],
    /** The repository has more folders with manifests than these. */
    morePaths: directories.data?.more === true,
    charts: (charts.data?.items ?? []).map((one) => one.name),
    /** What renders it; undefined until the repository has said so. */
    type,
    details: details.data,
    error: refs.error ?? paths.error ?? directories.error ?? charts.error ?? tags.error ?? details.error,
    /** The chart is no longer being typed. */
    onChartNamed: () => setNamed(source.chart),
  };
}

/** Registries keep signatures and names such as `latest` beside a chart's versions. */
const isVersion = (tag: string): boolean => /^v?\d+(\.\d+){0,2}([-+].*)?$/.test(tag);

const clean = (path: string): string => path.replace(/^\.?\/+|\/+$/g, "") || ".";
