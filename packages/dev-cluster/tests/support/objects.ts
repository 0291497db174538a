/** Valid objects, of which a test writes only what matters to it. */
export function aConfigMap(name: string, data: Record<string, string> = { key: "value" }): any {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

export function aDeployment(name: string, spec: Record<string, unknown> = {}): any {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "web", image: "web:1" }] } }, ...spec },
  };
}

export function aPod(name: string, spec: Record<string, unknown> = {}): any {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels: { app: name } }, spec: { containers: [{ name: "main", image: "web:1" }], ...spec } };
}

export function aService(name: string, spec: Record<string, unknown> = {}): any {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } };
}

/** A CRD `widgets.test.dev` with defaults, validation, status and scale. */
export function aWidgetCrd(schema: Record<string, unknown> = {}, version: Record<string, unknown> = {}): any {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.test.dev" },
    spec: {
      group: "test.dev",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" } },
          additionalPrinterColumns: [{ name: "Size", type: "string", jsonPath: ".spec.size" }],
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  required: ["size"],
                  properties: {
                    size: { type: "string", enum: ["small", "large"] },
                    replicas: { type: "integer", minimum: 0, default: 1 },
                    port: { "x-kubernetes-int-or-string": true },
                    extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                    parts: { type: "array", items: { type: "object", required: ["name"], properties: { name: { type: "string", pattern: "^[a-z]+$" }, value: { type: "string" } } }, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] },
                    ...schema,
                  },
                },
                status: { type: "object", properties: { replicas: { type: "integer" }, selector: { type: "string" }, phase: { type: "string" } } },
              },
            },
          },
          ...version,
        },
      ],
    },
  };
}
