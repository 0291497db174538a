import { gvkOf, keyOf, keyText, type GroupKind, type KubeObject, type ObjectKey } from "@trireme/api";
import type { Application, ApplicationCondition, ResourceStatus, SyncStatusCode } from "@trireme/api/argo";
import { Annotation, hasAnnotationOption, resourceOption } from "./annotations.ts";
import { hasHookType, isHook, isIgnored, isSkipped, syncPhases, waveOf } from "./hooks.ts";
import { isSelfReferenced, type TrackingSettings } from "./tracking.ts";

export interface Prepared {
  /** What is compared and applied, in the order of its keys. */
  targets: Map<string, KubeObject>;
  hooks: KubeObject[];
  hasPreDeleteHooks: boolean;
  hasPostDeleteHooks: boolean;
  conditions: ApplicationCondition[];
}

/**
 * Rendered objects as the cluster is to have them: namespaces defaulted or dropped, the last of equal ones kept,
 * excluded ones and hooks set apart. `isNamespaced` answers undefined for a kind that the cluster does not know.
 */
export function prepareTargets(rendered: readonly KubeObject[], options: { destinationNamespace: string; isNamespaced(kind: GroupKind): boolean | undefined; isExcluded(kind: GroupKind): boolean; track(object: KubeObject): KubeObject }): Prepared {
  const conditions: ApplicationCondition[] = [];
  const byKey = new Map<string, KubeObject[]>();
  for (const object of rendered) {
    const placed = place(object, options);
    // Objects without a name of their own never stand for each other.
    const key = placed.metadata.name ? keyText(keyOf(placed)) : `${keyText(keyOf(placed))}${placed.metadata.generateName ?? ""}#${byKey.size}`;
    byKey.set(key, [...(byKey.get(key) ?? []), placed]);
  }
  const prepared: Prepared = { targets: new Map(), hooks: [], hasPreDeleteHooks: false, hasPostDeleteHooks: false, conditions };
  for (const [key, objects] of byKey) {
    const object = objects[objects.length - 1]!;
    if (objects.length > 1) conditions.push({ type: "RepeatedResourceWarning", message: `Resource ${key} appeared ${objects.length} times among application resources.` });
    if (options.isExcluded(gvkOf(object))) {
      const { group, kind } = gvkOf(object);
      conditions.push({ type: "ExcludedResourceWarning", message: `Resource ${group}/${kind} ${object.metadata.name} is excluded in the settings` });
      continue;
    }
    if (isIgnored(object)) continue;
    if (isHook(object)) {
      prepared.hasPreDeleteHooks ||= hasHookType(object, "PreDelete");
      prepared.hasPostDeleteHooks ||= hasHookType(object, "PostDelete");
      prepared.hooks.push(object);
      continue;
    }
    prepared.targets.set(key, options.track(object));
  }
  prepared.hooks = prepared.hooks.map((hook) => options.track(hook));
  return prepared;
}

function place(object: KubeObject, options: { destinationNamespace: string; isNamespaced(kind: GroupKind): boolean | undefined }): KubeObject {
  const namespaced = options.isNamespaced(gvkOf(object));
  const { namespace, ...metadata } = object.metadata;
  if (namespaced === false) return namespace === undefined ? object : { ...object, metadata };
  if (namespaced === true && (namespace === undefined || namespace === "")) return { ...object, metadata: { ...metadata, ...(options.destinationNamespace !== "" && { namespace: options.destinationNamespace }) } };
  return object;
}

/** What one object's comparison found. */
export interface ComparedObject {
  key: ObjectKey;
  target: KubeObject | undefined;
  live: KubeObject | undefined;
  modified: boolean;
}

export interface StatusInput {
  app: Application;
  tracking: TrackingSettings;
  /** False: the kind (or this name of it) is not permitted by the project. */
  isPermitted(key: ObjectKey): boolean;
  /** Something could not be learnt: then nothing is said about any object. */
  unknown: boolean;
  /** Set when the namespace's wanted labels or annotations changed since the last sync. */
  namespaceMetadataChanged: boolean;
  hooks: readonly KubeObject[];
}

/** The sync status of an application and of each of its resources, sorted by group, kind, namespace and name. */
export function resourceStatuses(compared: readonly ComparedObject[], input: StatusInput): { status: SyncStatusCode; resources: ResourceStatus[] } {
  let status: SyncStatusCode = "Synced";
  const resources: ResourceStatus[] = [];
  for (const { key, target, live, modified } of compared) {
    const object = live ?? target;
    if (object === undefined) continue;
    const own = isSelfReferenced(live, target, input.tracking);
    const hook = isHook(object);
    const wave = target !== undefined ? waveOf(target) : hook ? waveOf(input.hooks.find((each) => keyText(keyOf(each)) === keyText(key)) ?? object) : 0;
    let code: SyncStatusCode | undefined;
    if (!hook && !isIgnored(object) && !(target !== undefined && isSkipped(target)) && own) {
      if (modified || target === undefined || live === undefined) {
        code = "OutOfSync";
        if (target !== undefined || !hasAnnotationOption(object, Annotation.CompareOptions, "IgnoreExtraneous")) status = "OutOfSync";
      } else code = "Synced";
    }
    if (input.unknown || !input.isPermitted(key)) code = "Unknown";
    const { version } = gvkOf(object);
    const confirmation = requiresDeletionConfirmation(target, input.app) || requiresDeletionConfirmation(live, input.app);
    resources.push({
      ...(key.group !== "" && { group: key.group }),
      version,
      kind: key.kind,
      ...(key.namespace !== "" && { namespace: key.namespace }),
      name: key.name,
      ...(code !== undefined && { status: code }),
      ...(hook && { hook: true }),
      ...(target === undefined && live !== undefined && own && { requiresPruning: true }),
      ...(confirmation && { requiresDeletionConfirmation: true }),
      ...(wave !== 0 && { syncWave: wave }),
    });
  }
  resources.sort((a, b) => compareText(sortKey(a), sortKey(b)));
  if (input.unknown) status = "Unknown";
  else if (input.namespaceMetadataChanged) status = "OutOfSync";
  return { status, resources };
}

function requiresDeletionConfirmation(object: KubeObject | undefined, app: Application): boolean {
  if (object === undefined) return false;
  const options = app.spec.syncPolicy?.syncOptions;
  return resourceOption(object, options, "Delete") === "confirm" || resourceOption(object, options, "Prune") === "confirm";
}

const sortKey = (resource: ResourceStatus): string => `${resource.group ?? ""}/${resource.kind}/${resource.namespace ?? ""}/${resource.name}`;

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Hooks that take part in a sync, not only in a deletion. */
export function syncHooks(hooks: readonly KubeObject[]): KubeObject[] {
  return hooks.filter((hook) => syncPhases(hook).length > 0);
}
