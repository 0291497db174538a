import { parseApiVersion, type KubeObject } from "@trireme/api";
import { Annotation } from "../annotations.ts";
import { healthOf, type Health } from "../health/index.ts";
import type { Parent } from "./parents.ts";
import { ingressNetworking, serviceNetworking, type Networking } from "./networking.ts";
import { podImages, podInfo } from "./pod.ts";

export interface ResourceRef {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

export interface InfoItem {
  name: string;
  value?: string;
}

/** One node of an application's tree in Argo's JSON; empty members are left out. */
export interface ResourceNode extends ResourceRef {
  parentRefs?: ResourceRef[];
  info?: InfoItem[];
  networkingInfo?: Networking;
  resourceVersion?: string;
  images?: string[];
  health?: Health;
  createdAt?: string;
}

/** A live object as a node. */
export function nodeOf(object: KubeObject, parents: readonly Parent[], options: { customLabels?: readonly string[] } = {}): ResourceNode {
  const { group, version } = parseApiVersion(object.apiVersion);
  const { metadata } = object;
  const info = infoOf(object, options.customLabels ?? []);
  const networking = networkingOf(object, group);
  const images = group === "" && object.kind === "Pod" ? podImages(object) : [];
  const health = healthOf(object);
  return {
    ...refOf({ group, version, kind: object.kind, namespace: metadata.namespace ?? "", name: metadata.name ?? "", uid: metadata.uid ?? "" }),
    ...(parents.length > 0 && { parentRefs: parents.map((parent) => refOf(parent)) }),
    ...(info.length > 0 && { info }),
    ...(networking !== undefined && { networkingInfo: networking }),
    ...(metadata.resourceVersion !== undefined && { resourceVersion: metadata.resourceVersion }),
    ...(images.length > 0 && { images }),
    ...(health !== undefined && { health }),
    ...(typeof metadata.creationTimestamp === "string" && { createdAt: metadata.creationTimestamp }),
  };
}

/** What Git wants and the cluster does not have. */
export function missingNode(target: KubeObject): ResourceNode {
  const { group, version } = parseApiVersion(target.apiVersion);
  return { ...refOf({ group, version, kind: target.kind, namespace: target.metadata.namespace ?? "", name: target.metadata.name ?? "" }), health: { status: "Missing" } };
}

export function refOf(ref: ResourceRef): ResourceRef {
  const { group, version, kind, namespace, name, uid } = ref;
  return { ...(group && { group }), ...(version && { version }), kind, ...(namespace && { namespace }), name, ...(uid && { uid }) };
}

const REVISION_ANNOTATIONS = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"];

function infoOf(object: KubeObject, customLabels: readonly string[]): InfoItem[] {
  const info: InfoItem[] = [];
  const revision = REVISION_ANNOTATIONS.map((name) => Number(object.metadata.annotations?.[name] ?? 0)).find((value) => value > 0) ?? (object.kind === "ControllerRevision" ? Number(object.revision ?? 0) : 0);
  if (revision > 0) info.push({ name: "Revision", value: `Rev:${revision}` });
  for (const label of customLabels) {
    const value = object.metadata.labels?.[label];
    if (value !== undefined) info.push({ name: label, value });
  }
  if (object.kind === "Pod" && object.apiVersion === "v1") info.push(...podInfo(object));
  if (object.kind === "Application" && object.apiVersion.startsWith("argoproj.io/")) {
    info.push({ name: "Sync Status", value: object.status?.sync?.status ?? "" }, { name: "Health Status", value: object.status?.health?.status ?? "" });
  }
  return info;
}

function networkingOf(object: KubeObject, group: string): Networking | undefined {
  const links = Object.entries(object.metadata.annotations ?? {})
    .filter(([name, value]) => name.startsWith(Annotation.LinkPrefix) && isExternalUrl(value.slice(value.indexOf("|") + 1)))
    .map(([, value]) => value);
  const linked = (networking: Networking): Networking => (links.length > 0 ? { ...networking, externalURLs: [...links, ...(networking.externalURLs ?? [])] } : networking);
  if (group === "" && object.kind === "Pod") return linked(object.metadata.labels === undefined ? {} : { labels: object.metadata.labels });
  if (group === "" && object.kind === "Service") return linked(serviceNetworking(object));
  if ((group === "networking.k8s.io" || group === "extensions") && object.kind === "Ingress") return linked(ingressNetworking(object, group));
  return links.length > 0 ? { externalURLs: links } : undefined;
}

/** Only what a browser may follow safely: a page or a mailbox. */
export function isExternalUrl(text: string): boolean {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
