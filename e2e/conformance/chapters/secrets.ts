import { chapter } from "../call.ts";
import { TABLE, MERGE, post, get, patch } from "../words.ts";

export const secrets = chapter("secrets", ({ core }) => [
  post("a secret", core("secrets"), { apiVersion: "v1", kind: "Secret", metadata: { name: "sec" }, stringData: { a: "b" }, data: { c: "ZA==" } }),
  post("a TLS secret without its keys", core("secrets"), { apiVersion: "v1", kind: "Secret", metadata: { name: "bad" }, type: "kubernetes.io/tls", data: {} }),
  post("no base64", core("secrets"), { apiVersion: "v1", kind: "Secret", metadata: { name: "bad" }, data: { a: "!" } }),
  patch("another type", core("secrets/sec"), MERGE, { type: "other" }),
  patch("sealed", core("secrets/sec"), MERGE, { immutable: true }),
  patch("a sealed one changed", core("secrets/sec"), MERGE, { data: { c: "ZQ==" } }),
  get("as a table", core("secrets"), { accept: TABLE }),
]);
