import { chapter } from "../call.ts";
import { TABLE, post, get, remove } from "../words.ts";

export const clusterKinds = chapter("cluster-wide kinds", ({  }) => [
  post("a storage class", "/apis/storage.k8s.io/v1/storageclasses", { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "c-cluster" }, provisioner: "test.dev/none" }),
  get("as a table", "/apis/storage.k8s.io/v1/storageclasses", { accept: TABLE }),
  remove("the storage class", "/apis/storage.k8s.io/v1/storageclasses/c-cluster"),
  post("a node", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "c-cluster-node" } }),
  get("as a table", "/api/v1/nodes", { accept: TABLE }),
  remove("the node", "/api/v1/nodes/c-cluster-node"),
  post("a priority class", "/apis/scheduling.k8s.io/v1/priorityclasses", { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "c-cluster" }, value: 5 }),
  remove("the priority class", "/apis/scheduling.k8s.io/v1/priorityclasses/c-cluster"),
]);
