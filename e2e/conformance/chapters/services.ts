import { chapter } from "../call.ts";
import { TABLE, MERGE, post, get, patch, remove, service } from "../words.ts";

export const services = chapter("services", ({ core }) => [
  post("a service", core("services?fieldManager=me"), service("svc")),
  post("a node port", core("services"), service("np", { type: "NodePort", ports: [{ port: 80, targetPort: "http" }] })),
  post("a balancer", core("services"), service("lb", { type: "LoadBalancer" })),
  post("headless", core("services"), service("none", { clusterIP: "None" })),
  post("external", core("services"), service("ext", { type: "ExternalName", externalName: "example.com", ports: undefined, selector: undefined })),
  post("no ports", core("services"), service("bad", { ports: [] })),
  post("nameless ports", core("services"), service("bad", { ports: [{ port: 80 }, { port: 81 }] })),
  post("the same port twice", core("services"), service("bad", { ports: [{ name: "a", port: 80 }, { name: "b", port: 80 }] })),
  post("a bad port", core("services"), service("bad", { ports: [{ port: 0, targetPort: 99999 }] })),
  post("a bad type", core("services"), service("bad", { type: "Sideways" })),
  post("a digit first", core("services"), service("1bad")),
  post("nmaespace", core("services?fieldValidation=Strict"), { ...service("bad"), metadata: { name: "bad", nmaespace: "x" } }),
  patch("another address", core("services/svc"), MERGE, { spec: { clusterIP: "10.96.77.77" } }),
  patch("becomes a node port", core("services/np"), MERGE, { spec: { type: "ClusterIP" } }),
  get("as tables", core("services"), { accept: TABLE }),
  remove("a service", core("services/np")),
  patch("a balancer gets its address", core("services/lb/status"), MERGE, { status: { loadBalancer: { ingress: [{ ip: "10.1.1.2" }, {}] } } }),
  patch("and is relabelled", core("services/lb"), MERGE, { metadata: { labels: { a: "b" } } }),
  patch("a balancer becomes a node port", core("services/lb"), MERGE, { spec: { type: "NodePort" } }),
  patch("a node port gets a balancer's address", core("services/lb/status"), MERGE, { status: { loadBalancer: { ingress: [{ ip: "10.1.1.3" }] } } }),
]);
