import type { Application } from "@trireme/api/argo";

type Source = NonNullable<Application["spec"]["source"]>;

/** The sources of an application; one is a list of one. */
export function sourcesOf(app: Application): Source[] {
  const { source, sources } = app.spec;
  return sources !== undefined && sources !== null && sources.length > 0 ? (sources as Source[]) : source === undefined || source === null ? [] : [source];
}

/** `team/shop` of `https://git.example.com:8443/team/shop.git` and of `git@git.example.com:team/shop.git`. */
export function repositoryName(url: string): string {
  const path = /^[a-z+]+:\/\/[^/]*\/(.*)$/i.exec(url)?.[1] ?? /^[^/]*:(.*)$/.exec(url)?.[1] ?? url;
  return path.replace(/\.git\/?$/, "").split("/").filter(Boolean).slice(-2).join("/");
}

/** A commit as people write it, a version as it is. */
export function shortRevision(revision: string | undefined): string {
  return revision === undefined ? "" : /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** `web:2` of `registry.example.com:5000/team/web:2@sha256:…`. */
export const shortImage = (image: string): string => image.replace(/@sha256:.*$/, "").split("/").at(-1) ?? image;

export const destinationOf = ({ spec: { destination } }: Application): string => destination?.name || (destination?.server === "https://kubernetes.default.svc" ? "in-cluster" : (destination?.server ?? ""));

/** True while something is being done to it, or was asked for. */
export const isBusy = (app: Application): boolean => app.operation !== undefined || app.status?.operationState?.phase === "Running" || app.status?.operationState?.phase === "Terminating";
