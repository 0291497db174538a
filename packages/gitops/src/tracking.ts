import type { KubeObject, ObjectKey } from "@trireme/api";
import { keyOf, parseApiVersion } from "@trireme/api";
import { Annotation } from "./annotations.ts";

export type TrackingMethod = "annotation" | "annotation+label" | "label";

export interface TrackingSettings {
  method: TrackingMethod;
  /** Label that names the application; `app.kubernetes.io/instance` by default. */
  labelKey: string;
  installationId: string;
}

export interface TrackingId extends ObjectKey {
  instance: string;
}

const MAX_LABEL_LENGTH = 63;
const LEGACY_LABEL_KEY = "applications.argoproj.io/app-name";

/** The name under which an application marks its objects: prefixed where it lives outside the control plane's namespace. */
export function instanceName(app: { namespace: string; name: string }, controlPlaneNamespace: string): string {
  return app.namespace === controlPlaneNamespace || app.namespace === "" ? app.name : `${app.namespace}_${app.name}`;
}

export function trackingIdText(id: TrackingId): string {
  return `${id.instance}:${id.group}/${id.kind}:${id.namespace}/${id.name}`;
}

/** `instance:group/Kind:namespace/name`; `undefined` where the text is none. */
export function parseTrackingId(text: string | undefined): TrackingId | undefined {
  if (text === undefined) return undefined;
  const first = text.indexOf(":");
  const second = text.indexOf(":", first + 1);
  if (first < 1 || second < 0) return undefined;
  const kind = text.slice(first + 1, second).split("/");
  const rest = text.slice(second + 1);
  const slash = rest.indexOf("/");
  if (kind.length !== 2 || slash < 0) return undefined;
  return { instance: text.slice(0, first), group: kind[0]!, kind: kind[1]!, namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
}

/** The object as it is applied: marked as this application's. The input is left as it was. */
export function track(object: KubeObject, instance: string, destinationNamespace: string, settings: TrackingSettings): KubeObject {
  const metadata = { ...object.metadata };
  const annotations = { ...metadata.annotations };
  const labels = { ...metadata.labels };
  if (settings.method !== "label") {
    const { group } = parseApiVersion(object.apiVersion);
    annotations[Annotation.TrackingId] = trackingIdText({ instance, group, kind: object.kind, namespace: metadata.namespace || destinationNamespace, name: metadata.name ?? "" });
    if (settings.installationId !== "") annotations[Annotation.InstallationId] = settings.installationId;
    else delete annotations[Annotation.InstallationId];
  }
  if (settings.method !== "annotation") labels[settings.labelKey] = settings.method === "label" ? instance : labelValue(instance);
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  if (Object.keys(labels).length > 0) metadata.labels = labels;
  const tracked: KubeObject = { ...object, metadata };
  const template = object.spec?.template;
  if (settings.method !== "annotation" && settings.labelKey === LEGACY_LABEL_KEY && template?.metadata !== undefined) {
    tracked.spec = { ...object.spec, template: { ...template, metadata: { ...template.metadata, labels: { ...template.metadata.labels, [settings.labelKey]: labels[settings.labelKey] } } } };
  }
  return tracked;
}

/** Which application's mark a live object carries; "" for none or another installation's. */
export function trackedBy(live: KubeObject, settings: TrackingSettings): string {
  if (settings.method === "label") return live.metadata.labels?.[settings.labelKey] ?? "";
  if (settings.installationId !== "" && live.metadata.annotations?.[Annotation.InstallationId] !== settings.installationId) return "";
  return parseTrackingId(live.metadata.annotations?.[Annotation.TrackingId])?.instance ?? "";
}

/**
 * False for a copy: an object whose mark speaks of another object, made by a controller that copied annotations.
 * Such objects are neither synced nor pruned nor counted. What Git declares decides where it declares the object.
 */
export function isSelfReferenced(live: KubeObject | undefined, target: KubeObject | undefined, settings: TrackingSettings): boolean {
  if (live === undefined || settings.method === "label") return true;
  const key = keyOf(live);
  const id = target === undefined ? parseTrackingId(live.metadata.annotations?.[Annotation.TrackingId]) : keyOf(target);
  if (id === undefined) return true;
  return id.group === key.group && id.kind === key.kind && id.name === key.name && (key.namespace === "" || id.namespace === key.namespace);
}

function labelValue(instance: string): string {
  return instance.length <= MAX_LABEL_LENGTH ? instance : instance.slice(0, MAX_LABEL_LENGTH).replace(/[^A-Za-z0-9]+$/, "");
}
