import type { KubeObject } from "@trireme/api";
import type { PrinterColumn, ResourceType, Subresource } from "../types/resource-type.ts";

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
        columns: version.additionalPrinterColumns?.length ? version.additionalPrinterColumns : [AGE],
        selectableFields: (version.selectableFields ?? []).map((field: any) => String(field.jsonPath).replace(/^\./, "")),
      },
    };
  });
}

export function isEstablished(crd: KubeObject): boolean {
  return (crd.status?.conditions ?? []).some((condition: any) => condition.type === "Established" && condition.status === "True");
}

/** The status that the server gives a CRD whose names are free. */
export function establishedStatus(crd: KubeObject, now: string): Record<string, unknown> {
  const names = crd.spec.names;
  const condition = (type: string, reason: string, message: string): Record<string, unknown> => ({ type, status: "True", lastTransitionTime: now, reason, message });
  const old = new Map<string, any>((crd.status?.conditions ?? []).map((one: any) => [one.type, one]));
  const conditions = [condition("NamesAccepted", "NoConflicts", "no conflicts found"), condition("Established", "InitialNamesAccepted", "the initial names have been accepted")].map((one) => {
    const before = old.get(String(one.type));
    return before?.status === "True" ? { ...one, lastTransitionTime: before.lastTransitionTime } : one;
  });
  return { ...crd.status, conditions, acceptedNames: names };
}
