import { chapter } from "../call.ts";
import { TABLE, post, get } from "../words.ts";

export const claims = chapter("claims", ({ core }) => [
  post("a claim", core("persistentvolumeclaims"), { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "pvc" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }),
  post("a claim without a size", core("persistentvolumeclaims"), { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "bad" }, spec: {} }),
  get("as a table", core("persistentvolumeclaims"), { accept: TABLE }),
]);
