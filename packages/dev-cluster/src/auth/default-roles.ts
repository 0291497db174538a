import type { KubeObject } from "@trireme/api";
import roles from "../../data/default-roles.json" with { type: "json" };

const GROUP = "rbac.authorization.k8s.io";

/** The roles and bindings that every cluster starts with, as a 1.36 server creates them. */
export function defaultRoles(): { bucket: string; object: KubeObject }[] {
  return (roles as unknown as KubeObject[]).map((role) => {
    const { kind, apiVersion: _apiVersion, metadata, ...rest } = role;
    const object = { kind, apiVersion: `${GROUP}/v1`, metadata: { ...metadata, annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" }, labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...metadata.labels } }, ...rest } as KubeObject;
    return { bucket: `${kind.toLowerCase()}s.${GROUP}`, object };
  });
}
