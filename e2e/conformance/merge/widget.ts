import type { KubeObject } from "@trireme/api";

const text = { type: "string" };

/** A custom resource with every kind of list and map that the merge knows. */
export const widgetDefinition: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.test.example" },
  spec: {
    group: "test.example",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  name: text,
                  size: { type: "integer", default: 3 },
                  tags: { type: "array", items: text, "x-kubernetes-list-type": "set" },
                  items: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id", "zone"],
                    items: { type: "object", required: ["id"], properties: { id: text, zone: { type: "string", default: "z" }, v: { type: "integer" }, w: text } },
                  },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  atomic: { type: "object", "x-kubernetes-map-type": "atomic", properties: { x: { type: "integer" }, y: text } },
                  port: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, text] },
                  nested: { type: "object", properties: { on: { type: "boolean" }, inner: { type: "object", properties: { a: text } } } },
                  map: { type: "object", additionalProperties: text },
                  embedded: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
                },
              },
              status: {
                type: "object",
                properties: {
                  phase: text,
                  conditions: { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"], items: { type: "object", required: ["type"], properties: { type: text, status: text } } },
                },
              },
            },
          },
        },
      },
    ],
  },
};
