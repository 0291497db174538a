import { chapter } from "../call.ts";
import { TABLE, post, get } from "../words.ts";

export const networking = chapter("networking", ({ net }) => [
  post("an ingress", net("ingresses"), { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "in" }, spec: { rules: [{ host: "a.test", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "svc", port: { number: 80 } } } }] } }] } }),
  get("as a table", net("ingresses"), { accept: TABLE }),
  post("no path type", net("ingresses"), { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "bad" }, spec: { rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "svc", port: { number: 80 } } } }] } }] } }),
  post("no port", net("ingresses"), { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "bad" }, spec: { rules: [{ host: "${USER_IDENTITY}.x", http: { paths: [{ path: "x", pathType: "Prefix", backend: { service: { name: "svc" } } }] } }] } }),
  post("no rules", net("ingresses"), { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "bad" }, spec: {} }),
  post("a network policy", net("networkpolicies"), { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "np" }, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } }),
]);
