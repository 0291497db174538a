import { nameProblems } from "./names.ts";
import { didYouMean } from "./suggest.ts";

describe(nameProblems, () => {
  const fieldsOf = (metadata: Record<string, any>, kind = "ConfigMap", apiVersion = "v1"): string[] => nameProblems({ apiVersion, kind, metadata }).map(({ field }) => field);

  test.each([
    { name: "a good name", metadata: { name: "web.example-1", namespace: "demo", labels: { "app.kubernetes.io/name": "Web_1" }, annotations: { "example.com/A": "any thing" } }, want: [] },
    { name: "a placeholder", metadata: { name: "hello-${USER_IDENTITY}" }, want: ["metadata.name"] },
    { name: "capitals", metadata: { name: "Web" }, want: ["metadata.name"] },
    { name: "no name", metadata: {}, want: ["metadata.name"] },
    { name: "a generated name", metadata: { generateName: "web-" }, want: [] },
    { name: "a namespace with dots", metadata: { name: "web", namespace: "a.b" }, want: ["metadata.namespace"] },
    { name: "a label value with a space", metadata: { name: "web", labels: { app: "a b" } }, want: ["metadata.labels.app"] },
    { name: "a label key with two slashes", metadata: { name: "web", labels: { "a/b/c": "x" } }, want: ["metadata.labels"] },
  ])("$name", ({ metadata, want }) => {
    expect(fieldsOf(metadata)).toEqual(want);
  });

  it("knows kinds with rules of their own", () => {
    expect(fieldsOf({ name: "system:reader" }, "ClusterRole", "rbac.authorization.k8s.io/v1")).toEqual([]);
    expect(fieldsOf({ name: "a.b" }, "Service")).toEqual(["metadata.name"]);
  });
});

describe(didYouMean, () => {
  test.each([
    { name: "nmaespace", want: "namespace" },
    { name: "label", want: "labels" },
    { name: "creation_timestamp", want: "creationTimestamp" },
    { name: "zzz", want: undefined },
  ])("$name", ({ name, want }) => {
    expect(didYouMean(name, ["name", "namespace", "labels", "annotations", "creationTimestamp"])).toBe(want);
  });
});
