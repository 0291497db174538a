import { equalValues } from "../merge/values.ts";
import type { FieldType, MapType } from "../merge/types.ts";

/**
 * What the server fills in inside parts that are one value to everybody (atomic lists and maps), by schema name.
 * Elsewhere a default needs no knowing: it is simply not declared. `undefined`: whatever the server worked out.
 */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, readonly unknown[] | undefined>>>> = {
  "io.k8s.api.core.v1.ObjectFieldSelector": { apiVersion: ["v1"] },
  "io.k8s.api.core.v1.ResourceFieldSelector": { divisor: ["0", 0] },
  "io.k8s.api.core.v1.ServiceAccountTokenProjection": { expirationSeconds: [3600] },
  "io.k8s.api.core.v1.PersistentVolumeClaim": { apiVersion: ["v1"], kind: ["PersistentVolumeClaim"], status: undefined },
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec": { volumeMode: ["Filesystem"], dataSource: undefined, dataSourceRef: undefined },
  "io.k8s.api.core.v1.EndpointPort": { protocol: ["TCP"] },
  "io.k8s.api.core.v1.LimitRangeItem": { default: undefined, defaultRequest: undefined },
  "io.k8s.api.core.v1.ResourceRequirements": { requests: undefined },
  "io.k8s.api.core.v1.VolumeResourceRequirements": { requests: undefined },
  "io.k8s.api.discovery.v1.EndpointPort": { name: [""], protocol: ["TCP"] },
  "io.k8s.api.networking.v1.NetworkPolicyPort": { protocol: ["TCP"] },
  "io.k8s.api.rbac.v1.Subject": { apiGroup: ["rbac.authorization.k8s.io", ""] },
  "io.k8s.api.rbac.v1.RoleRef": { apiGroup: ["rbac.authorization.k8s.io"] },
  "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern": { status: ["True"] },
  "io.k8s.api.admissionregistration.v1.RuleWithOperations": { scope: ["*"] },
  "io.k8s.api.admissionregistration.v1.NamedRuleWithOperations": { scope: ["*"] },
};

/** Whether the server may have put this value into a field that nobody declared. */
export function isDefault(type: MapType, key: string, field: FieldType | undefined, value: unknown): boolean {
  if (field?.default !== undefined && equalValues(field.default, value)) return true;
  const known = type.struct === undefined ? undefined : DEFAULTS[type.struct];
  if (known === undefined || !Object.hasOwn(known, key)) return false;
  const values = known[key];
  return values === undefined || values.some((each) => equalValues(each, value));
}

/** Whether the server works out parts of this field from others, whatever of it is declared. */
export function isWorkedOut(type: MapType, key: string): boolean {
  const known = type.struct === undefined ? undefined : DEFAULTS[type.struct];
  return known !== undefined && Object.hasOwn(known, key) && known[key] === undefined;
}
