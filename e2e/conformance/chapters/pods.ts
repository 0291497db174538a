import { chapter } from "../call.ts";
import { TABLE, MERGE, STRATEGIC, post, get, patch, remove } from "../words.ts";

export const pods = chapter("pods", ({ core }) => [
  post("a pod", core("pods"), { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", labels: { app: "pod" } }, spec: { containers: [{ name: "c", image: "i:1", resources: { limits: { cpu: "1", memory: "1Gi" } } }] } }),
  get("as a table", core("pods"), { accept: TABLE }),
  post("bound", core("pods/pod/binding"), { apiVersion: "v1", kind: "Binding", metadata: { name: "pod" }, target: { kind: "Node", name: "node-1" } }),
  post("bound again", core("pods/pod/binding"), { apiVersion: "v1", kind: "Binding", metadata: { name: "pod" }, target: { kind: "Node", name: "node-1" } }),
  patch("another command", core("pods/pod"), MERGE, { spec: { containers: [{ name: "c", image: "i:1", command: ["x"] }] } }),
  patch("another image", core("pods/pod"), STRATEGIC, { spec: { containers: [{ name: "c", image: "i:2" }] } }),
  patch("its status", core("pods/pod/status"), STRATEGIC, { status: { phase: "Running", podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }], conditions: [{ type: "Ready", status: "True" }], containerStatuses: [{ name: "c", ready: true, restartCount: 2, image: "i:2", imageID: "", state: { running: {} } }] } }),
  get("running", core("pods/pod"), { accept: TABLE }),
  get("its log without a node", core("pods/none/log")),
  get("a container that it has not", core("pods/pod/log?container=none")),
  remove("gracefully", core("pods/pod")),
  remove("now", core("pods/pod"), { gracePeriodSeconds: 0 }),
  post("no account", core("pods"), { apiVersion: "v1", kind: "Pod", metadata: { name: "bad" }, spec: { serviceAccountName: "none", containers: [{ name: "c", image: "i:1" }] } }),
]);
