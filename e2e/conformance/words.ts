import type { Request } from "./call.ts";

export const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
export const PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
export const PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
export const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
export const MERGE = "application/merge-patch+json";
export const STRATEGIC = "application/strategic-merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
export const APPLY = "application/apply-patch+yaml";
export const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

type Rest = Partial<Request>;

export const post = (name: string, path: string, body: unknown, rest: Rest = {}): Request => ({ name, method: "POST", path, body, ...rest });
export const get = (name: string, path: string, rest: Rest = {}): Request => ({ name, method: "GET", path, ...rest });
export const put = (name: string, path: string, body: unknown, rest: Rest = {}): Request => ({ name, method: "PUT", path, body, ...rest });
export const patch = (name: string, path: string, type: string, body: unknown, rest: Rest = {}): Request => ({ name, method: "PATCH", path, type, body, ...rest });
export const remove = (name: string, path: string, body?: unknown, rest: Rest = {}): Request => ({ name, method: "DELETE", path, ...(body !== undefined && { body }), ...rest });
export const as = (user: string, ...groups: string[]): Rest => ({ headers: { "impersonate-user": user, ...(groups.length > 0 && { "impersonate-group": groups.join(",") }) } });

/** Where an answer comes only after a while: the call is repeated until its code is this. */
export const untilCode = (code: number): Rest => ({ until: (said) => said.code === code });

export const template = (app: string, container: Record<string, unknown> = {}, spec: Record<string, unknown> = {}): any => ({ metadata: { labels: { app } }, spec: { containers: [{ name: "web", image: "web:1", ...container }], ...spec } });
export const deployment = (name: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec } });
export const map = (name: string, data: unknown = { a: "b" }): any => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
export const service = (name: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } });
