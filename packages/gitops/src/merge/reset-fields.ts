import type { GroupKind } from "@trireme/api";

type Fields = readonly (readonly string[])[];

const STATUS: Fields = [["status"]];
const SPEC: Fields = [["spec"]];
const SPEC_AND_METADATA: Fields = [["spec"], ["metadata"]];

/** Groups of built-in kinds whose status endpoint leaves metadata alone, too. */
const METADATA_KEEPERS = new Set(["flowcontrol.apiserver.k8s.io", "resource.k8s.io", "admissionregistration.k8s.io", "scheduling.k8s.io", "storagemigration.k8s.io", "internal.apiserver.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"]);

const STATUS_EXCEPTIONS: Readonly<Record<string, Fields>> = {
  "apps/Deployment": [["spec"], ["metadata", "labels"]],
  "/Pod": [["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]],
  "certificates.k8s.io/CertificateSigningRequest": [["spec"], ["status", "conditions"]],
  "storage.k8s.io/VolumeAttachment": SPEC_AND_METADATA,
  "networking.k8s.io/ServiceCIDR": SPEC_AND_METADATA,
};

/**
 * The fields that an endpoint ignores in what it is sent, so that nobody comes to own them there:
 * the main one those of status, where that is a subresource; status all others.
 */
export function resetFieldsOf(kind: GroupKind & { custom: boolean; hasStatus: boolean }, subresource: string | undefined): Fields {
  const name = `${kind.group}/${kind.kind}`;
  switch (subresource) {
    case undefined:
    case "":
      if (name === "certificates.k8s.io/CertificateSigningRequest") return [["spec"], ["status"]];
      return kind.hasStatus ? STATUS : [];
    case "status":
      return STATUS_EXCEPTIONS[name] ?? (kind.custom || METADATA_KEEPERS.has(kind.group) ? SPEC_AND_METADATA : SPEC);
    case "finalize":
      return STATUS;
    case "approval":
      return [["spec"], ["status", "certificate"]];
    default:
      return [];
  }
}
