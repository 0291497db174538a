import type { KubeObject } from "@trireme/api";
import type { PrinterColumn, ResourceType, Subresource } from "../types/resource-type.ts";
import { versionOrder } from "../types/version-order.ts";

const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const AGE: PrinterColumn = { name: "Age", type: "date", description: "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata", jsonPath: ".metadata.creationTimestamp" };

/** What a CustomResourceDefinition serves: one type for each served version; none while it is not established. */
export function typesOfCrd(crd: KubeObject): ResourceType[] {
  const { group, scope, versions = [] } = crd.spec;
  const names = crd.status?.acceptedNames?.plural ? crd.status.acceptedNames : crd.spec.names;
  if (!isEstablished(crd)) return [];
  const storage = versions.find((version: any) => version.storage)?.name ?? versions[0]?.name;

  return versions.filter((version: any) => version.served).map((version: any): ResourceType => {
    const gvk = { group, version: version.name, kind: names.kind };
    const subresources = new Map<string, Subresource>();
    if (version.subresources?.status) subresources.set("status", { name: "status", kind: gvk, verbs: ["get", "patch", "update"] });
    if (version.subresources?.scale) subresources.set("scale", { name: "scale", kind: { group: "autoscaling", version: "v1", kind: "Scale" }, verbs: ["get", "patch", "update"] });
    const schema = version.schema?.openAPIV3Schema ?? {};
    const deprecation = deprecationOf(version, crd);
    return {
      ...gvk,
      listKind: names.listKind ?? `${names.kind}List`,
      resource: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: scope === "Namespaced",
      verbs: VERBS,
      subresources,
      bucket: `${names.plural}.${group}`,
      storageVersion: `${group}/${storage}`,
      custom: {
        crdName: crd.metadata.name!,
        schema,
        preserveUnknownFields: crd.spec.preserveUnknownFields === true,
        ...(version.subresources?.scale && { scale: version.subresources.scale }),
        ...(deprecation !== undefined && { deprecation }),
        columns: version.additionalPrinterColumns?.length ? version.additionalPrinterColumns : [AGE],
        selectableFields: (version.selectableFields ?? []).map((field: any) => String(field.jsonPath).replace(/^\./, "")),
      },
    };
  });
}

export function isEstablished(crd: KubeObject): boolean {
  return (crd.status?.conditions ?? []).some((condition: any) => condition.type === "Established" && condition.status === "True");
}

/** The status that the server gives a CRD: established where its names are free, which those of others in its group may not be. */
export function establishedStatus(crd: KubeObject, now: string, others: readonly KubeObject[]): Record<string, unknown> {
  const { names, problem } = acceptedNames(crd, others);
  const old = new Map<string, any>((crd.status?.conditions ?? []).map((one: any) => [one.type, one]));
  const condition = (type: string, status: string, reason: string, message: string): Record<string, unknown> => {
    const before = old.get(type);
    return { type, status, lastTransitionTime: before?.status === status ? before.lastTransitionTime : now, reason, message };
  };
  const accepted = problem ? condition("NamesAccepted", "False", problem.reason, problem.message) : condition("NamesAccepted", "True", "NoConflicts", "no conflicts found");
  const established = problem && !isEstablished(crd) ? condition("Established", "False", "NotAccepted", "not all names are accepted") : condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted");
  return { ...crd.status, conditions: [accepted, established], acceptedNames: names };
}

function acceptedNames(crd: KubeObject, others: readonly KubeObject[]): { names: Record<string, unknown>; problem?: { reason: string; message: string } } {
  const taken = others.map((other) => other.status?.acceptedNames ?? {});
  const resources = new Set<string>(taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]).filter(Boolean));
  const kinds = new Set<string>(taken.flatMap(({ kind, listKind }) => [kind, listKind]).filter(Boolean));
  const names: Record<string, unknown> = { ...crd.spec.names };
  let problem: { reason: string; message: string } | undefined;
  const check = (field: string, reason: string, used: ReadonlySet<string>): void => {
    const inUse = [crd.spec.names[field] ?? []].flat().filter((name: string) => used.has(name));
    if (inUse.length === 0) return;
    problem = { reason, message: inUse.length === 1 ? `"${inUse[0]}" is already in use` : `[${inUse.map((name: string) => `"${name}" is already in use`).join(", ")}]` };
    const before = crd.status?.acceptedNames?.[field];
    if (before === undefined || before === "") delete names[field];
    else names[field] = before;
  };
  check("plural", "PluralConflict", resources);
  check("singular", "SingularConflict", resources);
  check("shortNames", "ShortNamesConflict", resources);
  check("kind", "KindConflict", kinds);
  check("listKind", "ListKindConflict", kinds);
  return { names, ...(problem && { problem }) };
}

/** What the server says to whoever uses a version that its CRD calls deprecated. */
function deprecationOf(version: any, crd: KubeObject): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (version.deprecationWarning) return version.deprecationWarning;
  const { group, names, versions } = crd.spec;
  const better = (versions as any[]).filter(({ name, served, deprecated }) => served && !deprecated && versionOrder(name, version.name) < 0).sort((a, b) => versionOrder(a.name, b.name))[0];
  return `${group}/${version.name} ${names.kind} is deprecated${better ? `; use ${group}/${better.name} ${names.kind}` : ""}`;
}
