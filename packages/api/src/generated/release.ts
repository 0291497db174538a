/** Written by packages/api/generate.mjs from the definition of releases.trireme.dev; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface Release extends KubeObject {
  apiVersion: "trireme.dev/v1alpha1";
  kind: "Release";
  status?: ReleaseStatus;
}

export interface ReleaseConditions {
  type: string;
  status: "True" | "False" | "Unknown";
  observedGeneration?: number;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

export interface ReleasePinned {
  digest: string;
  revision?: string;
  revisions?: string[];
  since: string;
}

export interface ReleaseProven {
  digest: string;
  revision?: string;
  revisions?: string[];
  historyID?: number;
  deployedAt?: string;
  provenAt: string;
  secrets?: string[];
}

export interface ReleaseQuarantined {
  digest: string;
  revision?: string;
  revisions?: string[];
  reason: string;
  message?: string;
  since: string;
}

export interface ReleaseStatus {
  applicationUID?: string;
  proven?: ReleaseProven[];
  quarantined?: ReleaseQuarantined[];
  pinned?: ReleasePinned;
  rollbacksSinceProven?: number;
  tombstones?: ReleaseTombstones[];
  conditions?: ReleaseConditions[];
}

export interface ReleaseTombstones {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  digest?: string;
  deletedAt: string;
}
