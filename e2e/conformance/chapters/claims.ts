import { chapter } from "../call.ts";
import { MERGE, TABLE, post, get, patch, remove } from "../words.ts";

const ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const claim = (name: string, annotations?: Record<string, string>): any => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, ...(annotations && { annotations }) }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } });

export const claims = chapter("claims", ({ core }) => {
  const spec = (what: string, name: string, changes: Record<string, unknown>) => patch(what, core(`persistentvolumeclaims/${name}`), MERGE, { spec: changes });
  const annotate = (what: string, name: string, value: string | null) => patch(what, core(`persistentvolumeclaims/${name}`), MERGE, { metadata: { annotations: { [ANNOTATION]: value } } });
  const bound = (what: string, name: string) => patch(what, core(`persistentvolumeclaims/${name}/status`), MERGE, { status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } } });
  return [
    post("a claim", core("persistentvolumeclaims"), claim("pvc")),
    post("a claim without a size", core("persistentvolumeclaims"), { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "bad" }, spec: {} }),
    get("as a table", core("persistentvolumeclaims"), { accept: TABLE }),
    spec("gets the class that means none", "pvc", { storageClassName: "" }),
    spec("gets another class", "pvc", { storageClassName: "fast" }),
    spec("loses its class", "pvc", { storageClassName: null }),
    post("another claim without a class", core("persistentvolumeclaims"), claim("later")),
    spec("gets a class", "later", { storageClassName: "fast" }),
    spec("is made larger", "later", { resources: { requests: { storage: "2Gi" } } }),
    spec("is made smaller", "later", { resources: { requests: { storage: "1Mi" } } }),
    spec("gets another mode", "later", { accessModes: ["ReadWriteMany"] }),
    spec("gets another volume", "later", { volumeName: "one" }),
    spec("gets yet another volume", "later", { volumeName: "two" }),
    annotate("is annotated with a class", "later", "slow"),
    post("a claim with an annotated class", core("persistentvolumeclaims"), claim("annotated", { [ANNOTATION]: "slow" })),
    annotate("is annotated with another", "annotated", "fast"),
    annotate("loses its annotation", "annotated", null),
    spec("gets another class than the annotated one", "annotated", { storageClassName: "fast" }),
    spec("gets the annotated class", "annotated", { storageClassName: "slow" }),
    post("another claim with an annotated class", core("persistentvolumeclaims"), claim("moved", { [ANNOTATION]: "slow" })),
    patch("its annotation becomes a field", core("persistentvolumeclaims/moved"), MERGE, { metadata: { annotations: { [ANNOTATION]: null } }, spec: { storageClassName: "slow" } }),
    bound("is bound", "later"),
    spec("is made larger, of a class that is not there", "later", { resources: { requests: { storage: "2Gi" } } }),
    post("a class that lets volumes grow", "/apis/storage.k8s.io/v1/storageclasses", { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "c-claims-grows" }, provisioner: "example.com/x", allowVolumeExpansion: true }),
    post("a claim of it", core("persistentvolumeclaims"), { ...claim("grown"), spec: { ...claim("grown").spec, storageClassName: "c-claims-grows" } }),
    bound("is bound too", "grown"),
    spec("grows", "grown", { resources: { requests: { storage: "2Gi" } } }),
    spec("shrinks a little", "grown", { resources: { requests: { storage: "1536Mi" } } }),
    spec("shrinks to what it has", "grown", { resources: { requests: { storage: "1Gi" } } }),
    spec("shrinks below what it has", "grown", { resources: { requests: { storage: "1Mi" } } }),
    spec("gets a limit", "grown", { resources: { limits: { storage: "9Gi" } } }),
    remove("the class is deleted", "/apis/storage.k8s.io/v1/storageclasses/c-claims-grows"),
  ];
});
