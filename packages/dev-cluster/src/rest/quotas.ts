import type { KubeObject } from "@trireme/api";
import { trackUpdate } from "@trireme/gitops/merge";
import { amountsText, excess, only, plus, quantityOf, type Amounts } from "../quota/amounts.ts";
import { computeUsage, concerns, inScopes, usageOf } from "../quota/usage.ts";
import { timestamp, type ApiContext, type Call } from "../server/context.ts";
import { forbidden } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { kindSchema } from "./field-manager.ts";
import { save } from "./objects.ts";
import { isDryRun } from "./options.ts";

/** Kinds whose changes are charged too. */
const CHARGED_ON_UPDATE = new Set(["services", "persistentvolumeclaims"]);
/** What each container must name where a quota is about it. */
const NAMED_BY_CONTAINERS = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/**
 * Charges the quotas of the namespace with a new object, or with what a changed one takes more; refuses it where one of
 * them would be exceeded. Nothing is charged for a dry run.
 */
export function chargeQuotas(object: KubeObject, old: KubeObject | undefined, call: Call, type: ResourceType, ctx: ApiContext): void {
  if (!type.namespaced || type.resource === "events" || (old && !CHARGED_ON_UPDATE.has(type.bucket))) return;
  const quotas = ctx.store.list("resourcequotas", object.metadata.namespace ?? "").map((stored) => stored.object);
  if (quotas.length === 0) return;
  const refuse = (why: string): never => {
    throw forbidden(type, object.metadata.name ?? "", why);
  };
  const interesting: { quota: KubeObject; names: string[] }[] = [];
  for (const quota of quotas) {
    const hard: Amounts = quota.status?.hard ?? {};
    const names = Object.keys(hard).filter((name) => concerns(type.bucket, name));
    if (names.length === 0 || !inScopes(quota, type.bucket, object)) continue;
    const missing = type.bucket === "pods" ? unnamed(names, object.spec) : "";
    if (missing !== "") refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
    if (names.some((name) => quota.status?.used?.[name] === undefined)) refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(",")}`);
    interesting.push({ quota, names });
  }
  const usage = usageOf(type.bucket, object);
  const delta = nonZero(old ? excess(usage, usageOf(type.bucket, old)) : usage);
  const charged: { quota: KubeObject; used: Amounts }[] = [];
  for (const { quota } of interesting) {
    const { hard = {}, used = {} } = quota.status as { hard?: Amounts; used?: Amounts };
    const requested = only(delta, Object.keys(hard));
    if (Object.keys(requested).length === 0) continue;
    const after = plus(used, requested);
    const exceeded = Object.keys(requested).filter((name) => quantityOf(after[name]).nano > quantityOf(hard[name]).nano);
    if (exceeded.length > 0) refuse(`exceeded quota: ${quota.metadata.name}, requested: ${amountsText(only(requested, exceeded))}, used: ${amountsText(only(used, exceeded))}, limited: ${amountsText(only(hard, exceeded))}`);
    charged.push({ quota, used: after });
  }
  if (isDryRun(call)) return;
  for (const { quota, used } of charged) charge(quota, used, ctx);
}

function charge(quota: KubeObject, used: Amounts, ctx: ApiContext): void {
  const type = ctx.types.find("", "v1", "resourcequotas")!;
  const updated = { ...quota, status: { ...quota.status, used } };
  save(ctx, type, trackUpdate({ ...kindSchema(ctx, type, "status"), live: quota, updated, manager: "kube-apiserver", subresource: "status", now: timestamp(ctx.now()) }));
}

/** `limits.cpu for: a,b; …` of containers that do not say what a quota wants to know. */
function unnamed(names: readonly string[], spec: any): string {
  if (spec.resources && Object.keys({ ...spec.resources.requests, ...spec.resources.limits }).length > 0) return "";
  const missing = new Map<string, Set<string>>();
  for (const { name, resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const own = computeUsage(resources?.requests ?? {}, resources?.limits ?? {});
    for (const wanted of names) if (NAMED_BY_CONTAINERS.includes(wanted) && own[wanted] === undefined) missing.set(wanted, (missing.get(wanted) ?? new Set()).add(name));
  }
  return [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, containers]) => `${name} for: ${[...containers].sort().join(",")}`).join("; ");
}

function nonZero(amounts: Amounts): Amounts {
  return Object.fromEntries(Object.entries(amounts).filter(([, value]) => quantityOf(value).nano !== 0n));
}
