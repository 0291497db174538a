import type { KubeObject } from "@trireme/api";
import { withIgnoredValues } from "./respect-ignored.ts";

const deployment = (spec: object, annotations: Record<string, string> = {}): KubeObject => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", annotations }, spec });

describe(withIgnoredValues, () => {
  test.each([
    { name: "a pointer", rule: { jsonPointers: ["/spec/replicas"] }, want: { replicas: 5, paused: false } },
    { name: "a plain path", rule: { jqPathExpressions: [".spec.replicas"] }, want: { replicas: 5, paused: false } },
    { name: "a place that live does not have", rule: { jsonPointers: ["/spec/paused"] }, want: { replicas: 1 } },
    { name: "a program", rule: { jqPathExpressions: [".spec | select(.replicas > 1)"] }, want: { replicas: 1, paused: false } },
    { name: "another kind's rule", rule: { kind: "Service", jsonPointers: ["/spec/replicas"] }, want: { replicas: 1, paused: false } },
  ])("$name", ({ rule, want }) => {
    const target = deployment({ replicas: 1, paused: false });
    const out = withIgnoredValues(target, deployment({ replicas: 5 }), [{ group: "apps", kind: "Deployment", ...rule }]);
    expect(out["spec"]).toEqual(want);
    expect(target["spec"]).toEqual({ replicas: 1, paused: false });
  });

  it("reaches into lists and escaped names", () => {
    const rules = [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/containers/0/image", "/metadata/annotations/a~1b"] }];
    const out = withIgnoredValues(deployment({ containers: [{ name: "c", image: "a:1" }] }), deployment({ containers: [{ name: "c", image: "a:2" }] }, { "a/b": "live" }), rules);
    expect(out["spec"]).toEqual({ containers: [{ name: "c", image: "a:2" }] });
    expect(out.metadata.annotations).toEqual({ "a/b": "live" });
  });
});
