import { rolloutArguments } from "./rollout-args.ts";
import { argumentsWith, redactSecrets, secretQuestions, substitute } from "./substitute.ts";

describe("rolloutArguments", () => {
  const rollout = { metadata: { name: "r", namespace: "default", labels: { "app.kubernetes.io/name": "web" }, annotations: {} }, spec: { replicas: 3, template: { spec: { containers: [{ image: "web:1" }] } } }, status: { phase: "Healthy" } };
  const value = (fieldPath: string) => rolloutArguments([{ name: "x", valueFrom: { fieldRef: { fieldPath } } }], { rollout, stableHash: "stable", latestHash: "latest" });

  it.each([
    { path: "metadata.name", found: "r" },
    { path: "metadata.labels['app.kubernetes.io/name']", found: "web" },
    { path: "metadata.annotations['absent']", found: "" },
    { path: "spec.replicas", found: "3" },
    { path: "spec.template.spec.containers[0].image", found: "web:1" },
    { path: "status.phase", found: "Healthy" },
  ])("reads $path", ({ path, found }) => expect(value(path)).toEqual({ args: [{ name: "x", value: found }] }));

  it.each([
    { path: "spec.absent", problem: "invalid path spec.absent in rollout" },
    { path: "spec.template", problem: "path spec.template in rollout must terminate in a primitive value" },
    { path: "spec.template.spec.containers[5].image", problem: "index 5 out of range" },
    { path: "spec.template.spec.containers[x]", problem: "invalid index 'x'" },
  ])("says what is wrong with $path", ({ path, problem }) => expect(value(path)).toEqual({ problem }));

  it("takes the hashes of both sets", () => {
    const args = [
      { name: "a", valueFrom: { podTemplateHashValue: "Stable" as const } },
      { name: "b", valueFrom: { podTemplateHashValue: "Latest" as const } },
      { name: "c", value: "plain" },
    ];
    expect(rolloutArguments(args, { rollout, stableHash: "s", latestHash: "l" })).toEqual({ args: [{ name: "a", value: "s" }, { name: "b", value: "l" }, { name: "c", value: "plain" }] });
  });
});

describe("substitute", () => {
  it("quotes what it puts into JSON", () => {
    expect(substitute({ body: 'say {{args.x}} and {{ args.x }}' }, [{ name: "x", value: 'a "quoted"\nline \\' }])).toEqual({ value: { body: 'say a "quoted"\nline \\ and a "quoted"\nline \\' } });
  });
});

describe("secrets", () => {
  const args = [{ name: "token", value: "plain", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }];

  it("are asked for, win over a value beside them, and are redacted", () => {
    expect(secretQuestions(args)).toEqual([{ arg: "token", secret: "s", key: "k" }]);
    expect(argumentsWith(args, new Map([["token", "hush"]]))).toEqual([{ name: "token", value: "hush" }]);
    expect(redactSecrets("no hush-hush, husher", ["hush", "", "husher"])).toBe("no *****-*****, *****");
  });
});
