import { chapter } from "../call.ts";
import { TABLE, MERGE, STRATEGIC, APPLY, CRDS, post, get, put, patch, remove } from "../words.ts";

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.test.dev" },
  spec: {
    group: "test.dev",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } },
      additionalPrinterColumns: [{ name: "Size", type: "string", jsonPath: ".spec.size" }, { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
      schema: {
        openAPIV3Schema: {
          type: "object",
          required: ["spec"],
          properties: {
            spec: {
              type: "object",
              required: ["size"],
              properties: {
                size: { type: "string", enum: ["small", "large"], maxLength: 5, minLength: 2 },
                replicas: { type: "integer", minimum: 0, maximum: 10, default: 1 },
                port: { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
                extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                labels: { type: "object", additionalProperties: { type: "string" }, maxProperties: 2 },
                when: { type: "string", format: "date-time" },
                flag: { type: "boolean" },
                maybe: { type: "string", nullable: true },
                parts: { type: "array", maxItems: 3, items: { type: "object", required: ["name"], properties: { name: { type: "string", pattern: "^[a-z]+$" }, value: { type: "string", default: "none" } } }, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] },
                tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
                fixed: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed is immutable" }] },
                one: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, oneOf: [{ required: ["a"] }, { required: ["b"] }] },
              },
            },
            status: { type: "object", properties: { replicas: { type: "integer" }, phase: { type: "string" } } },
          },
        },
      },
    }],
  },
};
const widget = (name: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "test.dev/v1", kind: "Widget", metadata: { name }, spec: { size: "small", ...spec } });

export const customResources = chapter("custom resources", ({ of }) => [
  post("a CRD", CRDS, crd),
  post("the CRD again", CRDS, crd),
  post("a misnamed CRD", CRDS, { ...crd, metadata: { name: "wrong.test.dev" } }),
  post("a CRD without a schema", CRDS, { ...crd, metadata: { name: "gadgets.test.dev" }, spec: { ...crd.spec, names: { plural: "gadgets", kind: "Gadget" }, versions: [{ name: "v1", served: true, storage: true }] } }),
  { ...get("established", `${CRDS}/widgets.test.dev`), name: "established" },
  post("a widget", of("test.dev/v1", "widgets?fieldManager=me"), widget("one", { unknown: 1, parts: [{ name: "a" }], port: "http", extra: { any: [1] }, maybe: null, replicas: null })),
  post("an unknown field, strictly", of("test.dev/v1", "widgets?fieldValidation=Strict"), widget("bad", { unknown: 1, parts: [{ name: "a", vlaue: "x" }] })),
  post("no spec", of("test.dev/v1", "widgets"), { apiVersion: "test.dev/v1", kind: "Widget", metadata: { name: "bad" } }),
  post("no kind", of("test.dev/v1", "widgets"), { apiVersion: "test.dev/v1", metadata: { name: "bad" }, spec: { size: "small" } }),
  post("another kind", of("test.dev/v1", "widgets"), { ...widget("bad"), kind: "Gadget" }),
  post("many things wrong", of("test.dev/v1", "widgets"), widget("bad", { size: "gigantic", replicas: 11, port: true, labels: { a: 1 }, when: "soon", flag: "yes", parts: [{ name: "A" }, {}, { name: "b" }, { name: "b" }], tags: ["a", "a"] })),
  post("too much", of("test.dev/v1", "widgets"), widget("bad", { labels: { a: "1", b: "2", c: "3" } })),
  post("neither of one", of("test.dev/v1", "widgets"), widget("bad", { one: {} })),
  post("a number for an object", of("test.dev/v1", "widgets"), { ...widget("bad"), spec: 5 }),
  post("a bad name", of("test.dev/v1", "widgets"), widget("Bad_")),
  put("without a version", of("test.dev/v1", "widgets/one"), widget("one")),
  patch("merge", of("test.dev/v1", "widgets/one?fieldManager=merger"), MERGE, { spec: { size: "large", extra: null }, status: { phase: "x" } }),
  patch("strategic", of("test.dev/v1", "widgets/one"), STRATEGIC, {}),
  patch("apply", of("test.dev/v1", "widgets/one?fieldManager=applier"), APPLY, widget("one", { size: "large", parts: [{ name: "b", value: "2" }] })),
  patch("apply conflicts", of("test.dev/v1", "widgets/one?fieldManager=another"), APPLY, widget("one", { size: "small" })),
  patch("apply of an unknown field", of("test.dev/v1", "widgets/one?fieldManager=another"), APPLY, widget("one", { size: "large", unknown: 1 })),
  patch("status", of("test.dev/v1", "widgets/one/status?fieldManager=controller"), MERGE, { status: { phase: "Ready", replicas: 1 }, spec: { size: "small" }, metadata: { labels: { a: "b" } } }),
  get("scale", of("test.dev/v1", "widgets/one/scale")),
  patch("scale", of("test.dev/v1", "widgets/one/scale"), MERGE, { spec: { replicas: 5 } }),
  patch("what is fixed, first", of("test.dev/v1", "widgets/one"), MERGE, { spec: { fixed: "a" } }),
  patch("what is fixed, then", of("test.dev/v1", "widgets/one"), MERGE, { spec: { fixed: "b" } }),
  get("as a table", of("test.dev/v1", "widgets"), { accept: TABLE }),
  get("all of them", of("test.dev/v1", "widgets")),
  get("what their group serves", "/apis/test.dev/v1"),
  get("their group", "/apis/test.dev"),
  remove("a widget", of("test.dev/v1", "widgets/one")),
  remove("the CRD", `${CRDS}/widgets.test.dev`),
]);
