import type { KubeObject } from "@trireme/api";
import { admitCreate, admitUsage } from "./admission.ts";
import { dropLeftovers, roundTrip } from "../schema/typed.ts";
import { customCauses } from "../crd/validate.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { alreadyExists, invalid, type Cause } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { decodeBody } from "./body.ts";
import { isDryRun } from "./options.ts";
import { trackCreate } from "./field-manager.ts";
import { labelProblems } from "./names.ts";
import { fillNewMetadata, metadataCauses, settleNames, wipeSystemMetadata } from "./metadata.ts";
import { find, save, view } from "./objects.ts";

/** POST of a collection. */
export async function create(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const object = decodeBody(call, type, ctx);
  settleNames(object, call, type);
  wipeSystemMetadata(object);
  trackCreate(ctx, type, object, call);
  return createObject(object, call, type, ctx);
}

/** The rest of a creation, shared with applies and updates that create. The object is decoded, defaulted and tracked. */
export function createObject(object: KubeObject, call: Call, type: ResourceType, ctx: ApiContext): Answer {
  fillNewMetadata(object, ctx);
  dropLeftovers(object);
  const strategy = ctx.strategyOf(type);
  if (!strategy.keepsStatus && type.subresources.has("status")) resetStatus(object, type);
  if (hasGeneration(type, strategy.generation)) object.metadata.generation = 1;
  admitCreate(object, call, type, ctx);
  strategy.prepareCreate?.(object, ctx);
  if (HOSTNAMES[type.bucket] !== undefined) call.warnings.push(...hostnameWarnings(object.metadata.name ?? "", HOSTNAMES[type.bucket]!));

  const name = object.metadata.name ?? "";
  refuse(type, name, causesOf(object, undefined, type, ctx, call));
  call.warnings.push(...(strategy.warnings?.(object) ?? []));
  admitUsage(object, undefined, call, type, ctx);
  const existing = find(ctx, type, object.metadata.namespace ?? "", name);
  if (existing) throw alreadyExists(type, name, existing.object.metadata.deletionTimestamp !== undefined);
  if (isDryRun(call)) return { code: 201, object, type };

  const stored = save(ctx, type, object);
  strategy.afterWrite?.(stored.object, undefined, ctx);
  return { code: 201, object: stored.object.apiVersion === object.apiVersion ? stored.object : view(stored, type), type, ...(stored.object.apiVersion === object.apiVersion && { json: stored.json }) };
}

/** Kinds whose names become pods' names, and what of a pod the name is used in. */
const HOSTNAMES: Readonly<Record<string, string>> = { pods: "the Pod's hostname", ...Object.fromEntries(["replicationcontrollers", "deployments.apps", "replicasets.apps", "jobs.batch", "cronjobs.batch"].map((bucket) => [bucket, "Pod names and hostnames"])) };

function hostnameWarnings(name: string, used: string): string[] {
  const problems = labelProblems(name);
  return problems.length === 0 ? [] : [`metadata.name: this is used in ${used}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`];
}

/** What is wrong with an object about to be stored. */
export function causesOf(object: KubeObject, old: KubeObject | undefined, type: ResourceType, ctx: ApiContext, call: Call): Cause[] {
  const strategy = ctx.strategyOf(type);
  return [
    ...metadataCauses(object, type, strategy.nameProblems),
    ...(old ? immutableMetadata(object, old) : []),
    // Built-in kinds check this twice, and say it twice.
    ...(old && !type.custom ? immutableMetadata(object, old) : []),
    ...(type.custom ? customCauses(object, old, type.custom, (text) => void call.warnings.push(text)) : []),
    ...(strategy.validate?.(object, old, ctx) ?? []),
  ];
}

export function refuse(type: ResourceType, name: string, causes: Cause[]): void {
  // Events are validated as what they are stored as, in the core group.
  if (causes.length > 0) throw invalid(type.bucket === "events" ? { group: "", kind: type.kind } : type, name, causes);
}

/** Kinds from CRDs always count generations. */
export function hasGeneration(type: ResourceType, builtIn: boolean | undefined): boolean {
  return type.custom !== undefined || builtIn === true;
}

function resetStatus(object: KubeObject, type: ResourceType): void {
  if (type.custom) delete object.status;
  else if (object.status !== undefined) object.status = emptyStatus(type);
}

const empties = new Map<string, unknown>();

/** What the server's own type writes for a status that was never set. */
function emptyStatus({ schemaName = "" }: ResourceType): unknown {
  if (!empties.has(schemaName)) empties.set(schemaName, roundTrip(schemaName, {}).status ?? {});
  return structuredClone(empties.get(schemaName));
}

function immutableMetadata(object: KubeObject, old: KubeObject): Cause[] {
  if (!old.metadata.deletionTimestamp) return [];
  const had = new Set(old.metadata.finalizers ?? []);
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !had.has(finalizer));
  if (added.length === 0) return [];
  return [{ reason: "FieldValueForbidden", message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(", ")}}`, field: "metadata.finalizers" }];
}
