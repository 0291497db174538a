import type { KubeObject } from "@trireme/api";
import type { FieldDifference, ObjectDiff, SchemaNode } from "../merge.ts";
import { FieldSet } from "../merge/field-set.ts";
import { setOfFieldsV1 } from "../merge/fields-v1.ts";
import { lastAppliedOf } from "../merge/patch/three-way.ts";
import { isBuiltIn, typeOf } from "../merge/types.ts";
import { compareDeclared, type DeclaredDifference } from "./declared.ts";
import { ownChanges } from "./dry-run.ts";
import { type IgnoreRule, type JqAnswer, type JqQuestion, rulesFor, withoutIgnored } from "./ignore-rules.ts";
import { elementsOf, placePointer, placeText } from "./places.ts";
import type { Previous } from "./previous.ts";
import { foldedSecret } from "./secrets.ts";
import { Writers } from "./writers.ts";

export interface DiffOptions {
  /** What Git says; `undefined`: it is to be gone. */
  desired: KubeObject | undefined;
  /** What the cluster says; `undefined`: it is not there. */
  live: KubeObject | undefined;
  /** Of the desired object's kind and version; `undefined`: lists are one value each. */
  schema: SchemaNode | undefined;
  /** How the object is applied: client-side with the last-applied annotation (default), or server-side. */
  apply?: "client" | "server";
  /** The field manager of server-side applies. */
  manager?: string;
  /** Managers of client-side applies whose fields the next server-side apply takes over first. */
  migratedManagers?: readonly string[];
  /** Ignore rules of the application and of the system; those for other objects are passed over. */
  ignoreDifferences?: readonly IgnoreRule[];
  /** Answers to the questions that came back before, in their order. */
  answers?: readonly JqAnswer[];
  /**
   * Compare with what a dry run of the server-side apply answers, defaults and validation included. Without its answer the diff
   * asks for it. Changes that others make on the way (webhooks) count only with `includeMutations`.
   */
  serverSide?: { includeMutations?: boolean; dryRun?: KubeObject };
  /** Whose status is not compared: all objects' (default), custom ones' (`crd`), or nobody's. */
  ignoreResourceStatusField?: "all" | "crd" | "none";
  /** Rules of a ClusterRole that others are aggregated into are the server's. */
  ignoreAggregatedRoles?: boolean;
}

const MANAGER = "argocd-controller";

/** What a diff may need to know from elsewhere before it can go on. */
export type DiffQuestion = JqQuestion | { kind: "dry-run"; object: KubeObject };

/**
 * Whether an object differs from what Git says, and where. Drift is every field that `desired` declares and every field that
 * the previous apply declared and `desired` dropped. A modified object always has a difference with its path.
 */
export function diff(options: DiffOptions): ObjectDiff | { question: DiffQuestion } {
  const { live, serverSide } = options;
  const bothThere = options.desired !== undefined && live !== undefined;
  if (serverSide !== undefined && bothThere && serverSide.dryRun === undefined) return { question: { kind: "dry-run", object: options.desired! } };
  const dryRun = bothThere ? serverSide?.dryRun : undefined;
  const desired = dryRun === undefined ? options.desired : ownChanges(typeOf(options.schema), live!, dryRun, { manager: options.manager ?? MANAGER, includeMutations: serverSide!.includeMutations === true });
  const object = desired ?? live;
  if (object === undefined) return { modified: false, differences: [], normalizedLive: undefined, predictedLive: undefined };
  const type = typeOf(options.schema);
  const sides = withoutIgnored({ desired: desired && normalised(desired, options), live: live && normalised(live, options) }, rulesFor(object, options.ignoreDifferences ?? []), type, options.answers ?? []);
  if ("kind" in sides) return { question: sides };
  if (sides.desired === undefined || sides.live === undefined) return presence(sides.desired, sides.live);

  const builtIn = options.schema !== undefined && isBuiltIn(options.schema.schema);
  const server = options.apply === "server" || dryRun !== undefined;
  const previous = dryRun !== undefined ? { value: declaredPart(sides.live) } : server ? previousOwned(live!, options) : previousApplied(live!, options);
  const { predicted, differences } = compareDeclared(type, withAnnotations(declaredPart(sides.desired), sides.live), sides.live, previous, {
    builtIn,
    lists: server ? "server" : builtIn ? "strategic" : "replace",
  });
  const writers = new Writers(live);
  return {
    modified: differences.length > 0,
    differences: differences.map((difference) => described(difference, writers)),
    normalizedLive: sides.live,
    predictedLive: predicted as KubeObject,
  };
}

function described({ place, desired, live }: DeclaredDifference, writers: Writers): FieldDifference {
  const writer = live === undefined ? undefined : writers.of(elementsOf(place));
  return {
    path: placeText(place),
    pointer: placePointer(place),
    ...(desired !== undefined && { desired }),
    ...(live !== undefined && { live }),
    ...(writer !== undefined && { writer }),
  };
}

/** One side alone: the whole object is the difference. */
function presence(desired: KubeObject | undefined, live: KubeObject | undefined): ObjectDiff {
  return { modified: true, differences: [{ path: "", pointer: "", ...(desired && { desired }), ...(live && { live }) }], normalizedLive: live, predictedLive: desired };
}

function normalised(object: KubeObject, options: DiffOptions): KubeObject {
  let out = foldedSecret(object);
  const { creationTimestamp, ...metadata } = out.metadata;
  if (creationTimestamp !== undefined) out = { ...out, metadata };
  if (out.status !== undefined && isStatusIgnored(out, options)) {
    const { status: _, ...rest } = out;
    out = rest;
  }
  if (options.ignoreAggregatedRoles && out.kind === "ClusterRole" && out.aggregationRule) {
    const { rules: _, ...rest } = out;
    out = rest;
  }
  return out;
}

function isStatusIgnored(object: KubeObject, { ignoreResourceStatusField = "all" }: DiffOptions): boolean {
  return ignoreResourceStatusField === "all" || (ignoreResourceStatusField === "crd" && object.kind === "CustomResourceDefinition");
}

/** What identifies the object is not compared, nor what only the server writes. */
function declaredPart(desired: KubeObject): { metadata: Record<string, unknown> } {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = desired;
  const { name: _name, namespace: _namespace, generateName: _generateName, managedFields: _managed, resourceVersion: _resourceVersion, uid: _uid, generation: _generation, selfLink: _selfLink, ...declared } = metadata;
  return { ...rest, metadata: declared };
}

/** Every apply declares annotations, its own among them: they are dropped one by one, never all together. */
function withAnnotations(declared: { metadata: Record<string, unknown> }, live: KubeObject): Record<string, unknown> {
  if (declared.metadata["annotations"] || !live.metadata.annotations) return declared;
  return { ...declared, metadata: { ...declared.metadata, annotations: {} } };
}

/** What the last client-side apply declared; without one, only what is declared now can differ. */
function previousApplied(live: KubeObject, options: DiffOptions): Previous | undefined {
  const lastApplied = lastAppliedOf(live);
  if (lastApplied?.metadata === undefined) return undefined;
  return { value: declaredPart(normalised(lastApplied, options)) };
}

/** What our server-side applies own and what all others own. */
function previousOwned(live: KubeObject, { manager = MANAGER, migratedManagers = [] }: DiffOptions): Previous | undefined {
  let own: FieldSet | undefined;
  let others = new FieldSet();
  for (const entry of live.metadata.managedFields ?? []) {
    let set: FieldSet;
    try {
      set = setOfFieldsV1(entry.fieldsV1 ?? {});
    } catch {
      continue;
    }
    const applied = entry.manager === manager && entry.operation === "Apply";
    const migrated = entry.operation === "Update" && migratedManagers.includes(entry.manager ?? "");
    if ((applied || migrated) && !entry.subresource) own = own?.union(set) ?? set;
    else others = others.union(set);
  }
  return own === undefined ? undefined : { own, others, owned: false, shared: false };
}
