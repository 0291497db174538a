import type { KubeObject } from "@trireme/api";
import { podResources } from "../quota/pod-resources.ts";
import { quantityOf, type Amounts } from "../quota/amounts.ts";
import type { ApiContext } from "../server/context.ts";
import { forbidden } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

const SET = "kubernetes.io/limit-ranger";

interface Limit {
  type: string;
  min?: Amounts;
  max?: Amounts;
  default?: Amounts;
  defaultRequest?: Amounts;
  maxLimitRequestRatio?: Amounts;
}

/** Gives the containers of a new pod the requests and limits that its namespace sets where they have none. */
export function defaultLimits(pod: KubeObject, ctx: ApiContext): void {
  for (const range of rangesOf(pod, ctx)) {
    const limits = ((range.spec.limits ?? []) as Limit[]).filter(({ type }) => type === "Container");
    const [requested, limited] = [Object.assign({}, ...limits.map((one) => one.defaultRequest)), Object.assign({}, ...limits.map((one) => one.default))] as [Amounts, Amounts];
    const told: string[] = [];
    for (const [field, word] of [["containers", "container"], ["initContainers", "init container"]] as const) {
      for (const container of pod.spec[field] ?? []) {
        container.resources ??= {};
        for (const [kind, defaults, what] of [["requests", requested, "request"], ["limits", limited, "limit"]] as const) {
          const missing = Object.keys(defaults).filter((name) => container.resources[kind]?.[name] === undefined).sort();
          if (missing.length === 0) continue;
          container.resources[kind] = { ...container.resources[kind], ...Object.fromEntries(missing.map((name) => [name, defaults[name]])) };
          told.push(`${missing.join(", ")} ${what} for ${word} ${container.name}`);
        }
      }
    }
    if (told.length > 0) pod.metadata.annotations = { ...pod.metadata.annotations, [SET]: `LimitRanger plugin set: ${told.join("; ")}` };
  }
}

/** Refuses a new pod, or a claim, that is outside of what its namespace allows. */
export function checkLimits(object: KubeObject, type: ResourceType, ctx: ApiContext): void {
  if (type.bucket !== "pods" && type.bucket !== "persistentvolumeclaims") return;
  for (const range of rangesOf(object, ctx)) {
    const errors = ((range.spec.limits ?? []) as Limit[]).flatMap((limit) => (type.bucket === "pods" ? podErrors(limit, object.spec) : claimErrors(limit, object.spec)));
    if (errors.length > 0) throw forbidden(type, object.metadata.name ?? "", errors.length === 1 ? errors[0]! : `[${[...new Set(errors)].join(", ")}]`);
  }
}

function rangesOf(object: KubeObject, ctx: ApiContext): KubeObject[] {
  return ctx.store.list("limitranges", object.metadata.namespace ?? "").map((stored) => stored.object);
}

function podErrors(limit: Limit, spec: any): string[] {
  if (limit.type === "Pod") return errorsOf(limit, podResources(spec, "requests"), podResources(spec, "limits"));
  if (limit.type !== "Container") return [];
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }: any) => errorsOf(limit, resources?.requests ?? {}, resources?.limits ?? {}));
}

function claimErrors(limit: Limit, spec: any): string[] {
  if (limit.type !== "PersistentVolumeClaim") return [];
  const requests: Amounts = spec.resources?.requests ?? {};
  const { type } = limit;
  return [
    ...Object.entries(limit.min ?? {}).flatMap(([name, least]) => below(type, name, least, requests, {})),
    ...Object.entries(limit.max ?? {}).flatMap(([name, most]) => {
      if (requests[name] === undefined) return [`maximum ${name} usage per ${type} is ${most}.  No request is specified`];
      return more(requests[name], most) ? [`maximum ${name} usage per ${type} is ${most}, but request is ${requests[name]}`] : [];
    }),
  ];
}

function errorsOf(limit: Limit, requests: Amounts, limits: Amounts): string[] {
  const { type } = limit;
  return [
    ...Object.entries(limit.min ?? {}).flatMap(([name, least]) => below(type, name, least, requests, limits)),
    ...Object.entries(limit.max ?? {}).flatMap(([name, most]) => {
      if (limits[name] === undefined) return [`maximum ${name} usage per ${type} is ${most}.  No limit is specified`];
      if (more(limits[name], most)) return [`maximum ${name} usage per ${type} is ${most}, but limit is ${limits[name]}`];
      return requests[name] !== undefined && more(requests[name], most) ? [`maximum ${name} usage per ${type} is ${most}, but request is ${requests[name]}`] : [];
    }),
    ...Object.entries(limit.maxLimitRequestRatio ?? {}).flatMap(([name, most]) => {
      const start = `${name} max limit to request ratio per ${type} is ${most}`;
      const [request, upper] = [quantityOf(requests[name]).nano, quantityOf(limits[name]).nano];
      if (request === 0n) return [`${start}, but no request is specified or request is 0`];
      if (upper === 0n) return [`${start}, but no limit is specified or limit is 0`];
      const ratio = Number(upper) / Number(request);
      return ratio * 1e9 > Number(quantityOf(most).nano) ? [`${start}, but provided ratio is ${ratio.toFixed(6)}`] : [];
    }),
  ];
}

function below(type: string, name: string, least: string, requests: Amounts, limits: Amounts): string[] {
  if (requests[name] === undefined) return [`minimum ${name} usage per ${type} is ${least}.  No request is specified`];
  if (more(least, requests[name])) return [`minimum ${name} usage per ${type} is ${least}, but request is ${requests[name]}`];
  return limits[name] !== undefined && more(least, limits[name]) ? [`minimum ${name} usage per ${type} is ${least}, but limit is ${limits[name]}`] : [];
}

function more(a: string, b: string): boolean {
  return quantityOf(a).nano > quantityOf(b).nano;
}
