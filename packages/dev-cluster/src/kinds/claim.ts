import type { KubeObject } from "@trireme/api";
import { forbiddenField, invalidValue, required } from "../rest/metadata.ts";
import { copyOf, sameJson } from "../rest/objects.ts";
import { unifiedDiff } from "../rest/unified-diff.ts";
import { parseQuantity } from "../schema/quantity.ts";
import type { ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
/** The class's predecessor. */
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

export const claimStrategy: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.volumeMode ??= "Filesystem";
    if (object.status) object.status.phase ||= "Pending";
  },
  prepareUpdate: (object, old) => settleSource(object.spec, old.spec),
  prepareCreate(object, ctx) {
    settleSource(object.spec, undefined);
    object.status = { phase: "Pending" };
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), "kubernetes.io/pvc-protection"])];
    if (object.spec.storageClassName === undefined) {
      const found = defaultClass(ctx);
      if (found) object.spec.storageClassName = found;
    }
  },
  validate(object, old) {
    const causes: Cause[] = [];
    const { spec } = object;
    if ((spec.accessModes ?? []).length === 0) causes.push(required("spec.accessModes", "at least 1 access mode is required"));
    const size = spec.resources?.requests?.storage;
    if (size === undefined) causes.push(required("spec.resources[storage]"));
    else if (amount(size) <= 0n) causes.push(invalidValue("spec.resources[storage]", size, "must be greater than zero"));
    return old ? [...causes, ...changeCauses(object, old)] : causes;
  },
  warnings: ({ metadata }) => (metadata.annotations?.[CLASS_ANNOTATION] === undefined ? [] : [`metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
};

/** Whether a claim that is bound asks for more than before, though its class does not let volumes grow. */
export function outgrowsItsClass(claim: KubeObject, old: KubeObject, ctx: ApiContext): boolean {
  if (old["status"]?.phase !== "Bound" || requested(claim) <= requested(old)) return false;
  const name = claim.metadata.annotations?.[CLASS_ANNOTATION] ?? claim["spec"].storageClassName ?? "";
  return name === "" || ctx.store.get("storageclasses.storage.k8s.io", name)?.object["allowVolumeExpansion"] !== true;
}

/** What must not change, as ValidatePersistentVolumeClaimUpdate has it. */
function changeCauses(claim: KubeObject, old: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const spec: Record<string, any> = copyOf(claim["spec"]);
  const before: Record<string, any> = copyOf(old["spec"]);
  const [annotated, annotatedBefore] = [claim, old].map(({ metadata }) => metadata.annotations?.[CLASS_ANNOTATION]);
  before["volumeName"] ||= spec["volumeName"];
  const getsClass = before["storageClassName"] === undefined && spec["storageClassName"] !== undefined && (annotatedBefore ?? spec["storageClassName"]) === spec["storageClassName"];
  // The annotation may become the field.
  const isMoved = getsClass && annotatedBefore !== undefined && (annotated ?? annotatedBefore) === annotatedBefore;
  if (!isMoved && (annotated ?? "") !== (annotatedBefore ?? "")) causes.push(invalidValue(`metadata.annotations.${CLASS_ANNOTATION}`, annotated ?? "", "field is immutable"));
  if (getsClass) delete spec["storageClassName"];
  if (claim["status"]?.phase === "Bound") {
    if (spec["resources"]?.requests) spec["resources"].requests.storage = before["resources"]?.requests?.storage;
    if (spec["volumeAttributesClassName"] !== undefined) spec["volumeAttributesClassName"] = before["volumeAttributesClassName"];
  }
  if (!sameJson(spec, before)) causes.push(forbiddenField("spec", `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${unifiedDiff(printed(before), printed(spec))}`));
  if (requested(claim) < requested(old) && requested(claim) <= amount(old["status"]?.capacity?.storage)) causes.push(forbiddenField("spec.resources.requests.storage", "field can not be less than status.capacity"));
  return causes;
}

const requested = (claim: KubeObject): bigint => amount(claim["spec"].resources?.requests?.storage);

const amount = (quantity: string | undefined): bigint => parseQuantity(quantity ?? "0")?.nano ?? 0n;

/** As the server prints its own structure: every field, in this order. */
function printed({ accessModes, selector, resources, volumeName, storageClassName, volumeMode, dataSource, dataSourceRef, volumeAttributesClassName }: Record<string, any>): string[] {
  const source = (from: Record<string, any> | undefined) => (from ? { APIGroup: from["apiGroup"] ?? null, Kind: from["kind"] ?? "", Name: from["name"] ?? "" } : null);
  const structure = {
    AccessModes: accessModes ?? null,
    Selector: selector ?? null,
    Resources: { Limits: resources?.limits ?? null, Requests: resources?.requests ?? null },
    VolumeName: volumeName ?? "",
    StorageClassName: storageClassName ?? null,
    VolumeMode: volumeMode ?? null,
    DataSource: source(dataSource),
    DataSourceRef: dataSourceRef ? { ...source(dataSourceRef), Namespace: dataSourceRef.namespace ?? null } : null,
    VolumeAttributesClassName: volumeAttributesClassName ?? null,
  };
  return JSON.stringify(structure, null, 1).split("\n");
}

/** `dataSource` and `dataSourceRef` say the same; the older one takes claims and snapshots only. */
function settleSource(spec: Record<string, any>, old: Record<string, any> | undefined): void {
  if (spec["dataSourceRef"]?.namespace && !old?.["dataSourceRef"]) delete spec["dataSourceRef"];
  if (!old?.["dataSource"] && !spec["dataSourceRef"] && spec["dataSource"] && !isClaimOrSnapshot(spec["dataSource"])) delete spec["dataSource"];
  if (spec["dataSource"] && !spec["dataSourceRef"]) spec["dataSourceRef"] = { ...spec["dataSource"] };
  else if (spec["dataSourceRef"] && !spec["dataSource"] && !spec["dataSourceRef"].namespace) spec["dataSource"] = withoutNamespace(spec["dataSourceRef"]);
}

function isClaimOrSnapshot({ apiGroup = "", kind }: Record<string, any>): boolean {
  return (kind === "PersistentVolumeClaim" && apiGroup === "") || (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
}

function withoutNamespace({ namespace: _, ...rest }: Record<string, any>): Record<string, any> {
  return rest;
}

function defaultClass(ctx: ApiContext): string | undefined {
  return ctx.store.list("storageclasses.storage.k8s.io").map(({ object }) => object).find((object) => object.metadata.annotations?.[DEFAULT_CLASS] === "true")?.metadata.name;
}
