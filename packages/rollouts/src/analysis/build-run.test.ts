import { buildAnalysisRun, isSameAnalysis } from "./build-run.ts";
import { resolveTemplates } from "./templates.ts";
import type { AnalysisTemplate, AnalysisTemplateSpec } from "./types.ts";

const metric = (name: string) => ({ name, provider: { web: { url: "https://{{args.host}}/" } } });
const template = (name: string, spec: AnalysisTemplateSpec, kind: AnalysisTemplate["kind"] = "AnalysisTemplate"): AnalysisTemplate => ({ apiVersion: "argoproj.io/v1alpha1", kind, metadata: { name }, spec });

describe("resolveTemplates", () => {
  const known = [
    template("a", { templates: [{ templateName: "b" }, { templateName: "c", clusterScope: true }] }),
    template("b", { metrics: [metric("b")], templates: [{ templateName: "a" }] }),
    template("c", { metrics: [metric("c")] }, "ClusterAnalysisTemplate"),
  ];
  const find = ({ name, clusterScope }: { name: string; clusterScope: boolean }) => known.find((entry) => entry.metadata.name === name && (entry.kind === "ClusterAnalysisTemplate") === clusterScope);

  it("follows templates in templates, each once, in a circle too", () => {
    expect(resolveTemplates([{ templateName: "a" }, { templateName: "b" }], find)).toMatchObject({ templates: [{ metadata: { name: "a" } }, { metadata: { name: "b" } }, { metadata: { name: "c" } }] });
  });

  it("names the one that is not there", () => {
    expect(resolveTemplates([{ templateName: "c" }], find)).toEqual({ problem: "AnalysisTemplate 'c' not found" });
    expect(resolveTemplates([{ templateName: "a", clusterScope: true }], find)).toEqual({ problem: "ClusterAnalysisTemplate 'a' not found" });
  });
});

describe("buildAnalysisRun", () => {
  const at = { name: "r-6994bfc8b-2-pre", namespace: "default" };

  it("is a snapshot with labels, annotations and a controller", () => {
    const owner = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "r", uid: "u1" } };
    const built = buildAnalysisRun({ ...at, templates: [template("t", { metrics: [metric("m")], args: [{ name: "host" }] })], args: [{ name: "host", value: "web" }, { name: "stray", value: "x" }], labels: { app: "a" }, annotations: { "rollout.argoproj.io/revision": "2" }, owner });
    expect(built).toEqual({
      run: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AnalysisRun",
        metadata: { ...at, labels: { app: "a" }, annotations: { "rollout.argoproj.io/revision": "2" }, ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "r", uid: "u1", controller: true, blockOwnerDeletion: true }] },
        spec: { metrics: [metric("m")], args: [{ name: "host", value: "web" }] },
      },
    });
  });

  it("puts the namespace's templates before the cluster's, and the caller's rules before both", () => {
    const built = buildAnalysisRun({
      ...at,
      templates: [template("c", { metrics: [metric("c")], dryRun: [{ metricName: "c" }] }, "ClusterAnalysisTemplate"), template("t", { metrics: [metric("t")], measurementRetention: [{ metricName: "t", limit: 3 }] })],
      dryRun: [{ metricName: ".*" }],
      measurementRetention: [{ metricName: "c", limit: 9 }],
    });
    expect(built).toMatchObject({ run: { spec: { metrics: [metric("t"), metric("c")], dryRun: [{ metricName: ".*" }, { metricName: "c" }], measurementRetention: [{ metricName: "c", limit: 9 }, { metricName: "t", limit: 3 }] } } });
  });

  it("keeps a template's secret even beside the caller's value, which loses at measurement", () => {
    const valueFrom = { secretKeyRef: { name: "s", key: "k" } };
    expect(buildAnalysisRun({ ...at, templates: [template("t", { metrics: [metric("m")], args: [{ name: "token", valueFrom }] })], args: [{ name: "token", value: "plain" }] })).toMatchObject({ run: { spec: { args: [{ name: "token", value: "plain", valueFrom }] } } });
  });

  it.each([
    { name: "a declared argument without a value", templates: [template("t", { metrics: [metric("m")], args: [{ name: "host" }] })], problem: "args.host was not resolved" },
    { name: "two metrics of one name", templates: [template("t", { metrics: [metric("m")] }), template("u", { metrics: [metric("m")] })], problem: "two metrics have the same name 'm'" },
    {
      name: "two defaults that differ, though the caller gives a third",
      templates: [template("t", { args: [{ name: "host", value: "a" }] }), template("u", { args: [{ name: "host", value: "b" }] })],
      problem: "Argument `host` specified multiple times with different values: 'a', 'b'",
    },
    { name: "a dry run named twice", templates: [template("t", { dryRun: [{ metricName: "m" }] })], dryRun: [{ metricName: "m" }], problem: "two Dry-Run metric rules have the same name 'm'" },
    { name: "a retention named twice", templates: [template("t", { measurementRetention: [{ metricName: "m", limit: 1 }, { metricName: "m", limit: 2 }] })], problem: "two Measurement Retention metric rules have the same name 'm'" },
  ])("refuses $name", ({ name: _, problem, ...given }) => {
    expect(buildAnalysisRun({ ...at, args: [{ name: "stray", value: "c" }], ...given })).toEqual({ problem });
  });

  it("takes a default from whichever template has one", () => {
    expect(buildAnalysisRun({ ...at, templates: [template("t", { args: [{ name: "host" }] }), template("u", { args: [{ name: "host", value: "b" }] })] })).toMatchObject({ run: { spec: { args: [{ name: "host", value: "b" }] } } });
  });
});

describe("isSameAnalysis", () => {
  const run = (args: { name: string; value: string }[]) => {
    const built = buildAnalysisRun({ name: "r", namespace: "default", templates: [template("t", { metrics: [metric("m")], args: [{ name: "host" }] })], args });
    if ("problem" in built) throw new Error(built.problem);
    return built.run;
  };

  it("sees through what the server adds and the order of keys", () => {
    const stored = run([{ name: "host", value: "a" }]);
    stored.spec.metrics = [{ provider: { web: { url: "https://{{args.host}}/" } }, name: "m" }];
    stored.spec.dryRun = [];
    stored.spec.terminate = true;
    expect(isSameAnalysis(stored, run([{ name: "host", value: "a" }]))).toBe(true);
    expect(isSameAnalysis(stored, run([{ name: "host", value: "b" }]))).toBe(false);
  });
});
