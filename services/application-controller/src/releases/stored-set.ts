import { gunzipSync, gzipSync } from "node:zlib";
import type { KubeObject } from "@trireme/api";
import type { Application, ApplicationSource } from "@trireme/api/argo";

/** A rendered set as it was delivered, Secrets with what they hold: enough to deliver it again without Git. */
export interface StoredSet {
  digest: string;
  revisions: string[];
  sources: ApplicationSource[];
  sourceTypes: string[];
  objects: KubeObject[];
}

export interface Sealing {
  seal(plain: Uint8Array, context: string): Buffer;
  /** undefined: sealed by other keys, or for something else. */
  unseal(sealed: Uint8Array, context: string): Buffer | undefined;
}

/** Sealed bytes of one Secret: with base64 and its metadata well below the megabyte that one may have. */
const CHUNK_BYTES = 700_000;
/** A longer set than any cluster would take is no set of ours. */
const LONGEST_SET_BYTES = 256 << 20;
const KEY = "set";
export const STORED_SET_TYPE = "trireme.dev/rendered-set";

/** The Secrets that hold a set, named `trireme-set-<uid>-<digest>-<n>` and owned by the application. */
export function secretsOfSet(app: Application, set: StoredSet, sealing: Sealing): KubeObject[] {
  const sealed = sealing.seal(gzipSync(JSON.stringify(set)), contextOf(app, set.digest));
  const count = Math.max(1, Math.ceil(sealed.length / CHUNK_BYTES));
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "Secret",
    type: STORED_SET_TYPE,
    immutable: true,
    metadata: {
      name: secretName(app, set.digest, index),
      namespace: app.metadata.namespace ?? "",
      labels: { "app.kubernetes.io/managed-by": "trireme" },
      ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Application", name: app.metadata.name ?? "", uid: app.metadata.uid ?? "" }],
    },
    data: { [KEY]: sealed.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).toString("base64") },
  }));
}

/** The set that these Secrets hold, in order; undefined where they are not whole, or were sealed by other keys or for another application. */
export function setOfSecrets(app: Application, digest: string, secrets: readonly KubeObject[], sealing: Sealing): StoredSet | undefined {
  const sealed = Buffer.concat(secrets.map((secret) => Buffer.from(String(secret["data"]?.[KEY] ?? ""), "base64")));
  const plain = sealing.unseal(sealed, contextOf(app, digest));
  if (plain === undefined) return undefined;
  const set = JSON.parse(gunzipSync(plain, { maxOutputLength: LONGEST_SET_BYTES }).toString("utf8")) as StoredSet;
  return set.digest === digest ? set : undefined;
}

function secretName(app: Application, digest: string, index: number): string {
  return `trireme-set-${app.metadata.uid}-${digest.replace(/^sha256:/, "")}-${index}`;
}

/** What is sealed for one application and digest opens for no other. */
function contextOf(app: Application, digest: string): string {
  return `set ${app.metadata.uid} ${digest.replace(/^sha256:/, "")}`;
}
