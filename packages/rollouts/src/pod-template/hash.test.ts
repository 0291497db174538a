import { podTemplateHash, stepsHash, templateJson } from "./hash.ts";

const container = (image: string) => ({ name: "rollouts-demo", image, ports: [{ containerPort: 8080, protocol: "TCP" }] });
const demo = (image: string) => ({ metadata: { labels: { app: "rollout-bluegreen" } }, spec: { containers: [container(image)] } });
const nginx = (app: string, spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { ...spec, containers: [{ name: app, image: "nginx:1.19-alpine", ports: [{ name: "http", containerPort: 80, protocol: "TCP" }], resources: { requests: { memory: "16Mi", cpu: "5m" } } }] },
});

describe("podTemplateHash", () => {
  it.each([
    { name: "the recorded blue revision", template: demo("argoproj/rollouts-demo:blue"), hash: "79cf4848bc" },
    { name: "the recorded green revision", template: demo("argoproj/rollouts-demo:green"), hash: "6994bfc8b" },
    { name: "a port with a name and requests", template: nginx("canary-scaledowndelay"), hash: "674d8cf959" },
    { name: "readiness gates", template: nginx("dynamic-stable-scale", { readinessGates: [{ conditionType: "argoproj.io/e2e-readiness" }] }), hash: "6b56c8cdb4" },
    { name: "what Go leaves out, keeps and escapes", template: withOddities(), hash: "685ccfcf46" },
  ])("is Argo Rollouts 1.9's: $name", ({ template, hash }) => {
    expect(podTemplateHash(template)).toBe(hash);
  });

  it("differs for each collision, and for none from the first", () => {
    const hashes = [undefined, 0, 1, 2].map((count) => podTemplateHash(demo("a"), count));
    expect(new Set(hashes).size).toBe(4);
  });

  it("does not see the order in which labels were written", () => {
    const template = demo("a");
    expect(podTemplateHash({ spec: template.spec, metadata: { labels: { b: "1", a: "2" } } })).toBe(podTemplateHash({ metadata: { labels: { a: "2", b: "1" } }, spec: template.spec }));
  });
});

describe("stepsHash", () => {
  it("is Argo Rollouts 1.9's of the recorded canary", () => {
    expect(stepsHash([{ setWeight: 20 }, { pause: { duration: "2s" } }, { setWeight: 60 }, { analysis: { templates: [{ templateName: "pass" }] } }, { pause: {} }])).toBe("6c849fb659");
  });
});

describe("templateJson", () => {
  it.each([
    ["1000m", "1"], ["0.5", "500m"], ["1024Mi", "1Gi"], ["1e3", "1e3"], ["1.5Gi", "1536Mi"], ["100000000000000000000", "100E"], ["0.0000000001", "1n"], [" 5 ", "5"],
    ["2048Ki", "2Mi"], ["-1", "-1"], ["1.0", "1"], ["0.1Gi", "107374182400m"], ["1e-10", "1e-9"], ["0", "0"], ["00.500", "500m"], [".5", "500m"], ["1500u", "1500u"], ["1.1n", "2n"], ["0.5Ki", "512"], ["1e30", "1e30"],
  ])("writes the quantity %s as Go does: %s", (given, written) => {
    expect(templateJson({ spec: { containers: [{ resources: { limits: { cpu: given } } }] } })).toContain(`{"limits":{"cpu":"${written}"}}`);
  });
});

function withOddities() {
  return {
    metadata: { creationTimestamp: null, labels: { z: "1", a: "<&>\u2028é" }, annotations: {} },
    spec: {
      automountServiceAccountToken: false, hostNetwork: false, priority: 0, terminationGracePeriodSeconds: 0,
      volumes: [{ name: "e", emptyDir: {} }, { name: "c", configMap: { name: "x", items: [{ key: "k", path: "p" }], optional: false } }, { name: "d", downwardAPI: { items: [{ path: "x", resourceFieldRef: { resource: "limits.cpu" } }] } }],
      containers: [{ name: "a", image: "b", env: [{ name: "X" }, { name: "Y", value: "1", unknown: 3 }], resources: { limits: { cpu: "500m", memory: "1Gi" } }, livenessProbe: { httpGet: { path: "/", port: "http" }, initialDelaySeconds: 0 }, command: [], securityContext: { runAsNonRoot: true, capabilities: { drop: ["ALL"] } } }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }] } } },
    },
  };
}
