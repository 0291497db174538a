import { decode } from "../src/json/decode.ts";
import { encode } from "../src/json/encode.ts";
import { shape } from "../src/json/shape.ts";
import { messagePlan } from "../src/public/contract.ts";
import { compileTemplate, pathSegments } from "../src/public/route.ts";

const V1 = "github.com.argoproj.argo_rollouts.pkg.apis.rollouts.v1alpha1";
const ROLLOUT = {
  metadata: { name: "web", namespace: "team", generation: 2 },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 8080, protocol: "TCP" }], resources: { limits: { cpu: "500m", memory: "64Mi" } } }], volumes: [{ name: "tmp", emptyDir: {} }] } },
    strategy: { canary: { maxSurge: "25%", maxUnavailable: 0, steps: [{ setWeight: 0 }, { pause: { duration: "10m" } }, { plugin: { name: "a/b", config: { any: ["thing"] } } }] } },
  },
  status: { observedGeneration: "2", currentStepIndex: 0, pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-01-02T03:04:05Z" }] },
};

describe("a Rollout on the wire", () => {
  const plan = messagePlan(`${V1}.Rollout`);

  it("comes back as it went, zeros of pointers and foreign JSON included", () => {
    const there = shape(plan, ROLLOUT);
    expect(decode(plan, encode(plan, there))).toEqual(there);
    expect(there).toMatchObject({ spec: { replicas: 0, strategy: { canary: { maxUnavailable: 0, steps: [{ setWeight: 0 }, { pause: { duration: "10m" } }, { plugin: { name: "a/b", config: { any: ["thing"] } } }] } }, template: { spec: { volumes: [{ name: "tmp", emptyDir: {} }] } } } });
  });

  it("shows what Go holds by value though nobody set it", () => {
    expect(shape(plan, { metadata: { name: "web" } })).toEqual({ metadata: { name: "web" }, spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} }, status: { canary: {}, blueGreen: {} } });
  });
});

describe("the template that sets an image", () => {
  const template = compileTemplate("/api/v1/rollouts/{namespace}/{rollout}/set/{container}/{image=**}/{tag}");
  const values = (path: string) => template.match(pathSegments(path));

  test.each([
    { path: "/api/v1/rollouts/team/web/set/app/nginx/1.27", want: { image: "nginx", tag: "1.27" } },
    { path: "/api/v1/rollouts/team/web/set/app/ghcr.io/org/app/v2", want: { image: "ghcr.io/org/app", tag: "v2" } },
    { path: "/api/v1/rollouts/team/web/set/app", want: undefined },
  ])("$path", ({ path, want }) => expect(values(path)).toEqual(want && { namespace: "team", rollout: "web", container: "app", ...want }));
});
