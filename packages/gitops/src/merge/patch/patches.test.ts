import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { openApiSchemas } from "../schema-source.ts";
import { applyJsonMergePatch, createJsonMergePatch, createThreeWayJsonMergePatch } from "./json-merge-patch.ts";
import { applyJsonPatch, type JsonPatchOperation } from "./json-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge.ts";
import { createThreeWayStrategicPatch, createTwoWayStrategicPatch } from "./three-way.ts";

const podSchema = openApiSchemas(kubernetesSchemas).schemaOf({ group: "", version: "v1", kind: "Pod" })!;
const deploymentSchema = openApiSchemas(kubernetesSchemas).schemaOf({ group: "apps", version: "v1", kind: "Deployment" })!;
const pod = (spec: Record<string, any>): Record<string, any> => ({ spec });

describe(applyStrategicMergePatch, () => {
  test.each([
    { name: "merges items by their key", object: pod({ containers: [{ name: "a", image: "1" }, { name: "b" }] }), patch: pod({ containers: [{ name: "a", image: "2" }] }), want: pod({ containers: [{ name: "a", image: "2" }, { name: "b" }] }) },
    { name: "deletes an item", object: pod({ containers: [{ name: "a" }, { name: "b" }] }), patch: pod({ containers: [{ name: "a", $patch: "delete" }] }), want: pod({ containers: [{ name: "b" }] }) },
    { name: "replaces a list", object: pod({ containers: [{ name: "a" }, { name: "b" }] }), patch: pod({ containers: [{ name: "c" }, { $patch: "replace" }] }), want: pod({ containers: [{ name: "c" }] }) },
    { name: "replaces a map", object: pod({ nodeSelector: { a: "1", b: "2" } }), patch: pod({ nodeSelector: { $patch: "replace", c: "3" } }), want: pod({ nodeSelector: { c: "3" } }) },
    { name: "puts items in order", object: pod({ containers: [{ name: "a" }, { name: "b" }] }), patch: pod({ "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] }), want: pod({ containers: [{ name: "b" }, { name: "a" }] }) },
    { name: "keeps the server's own item where it stood", object: pod({ containers: [{ name: "own" }, { name: "a" }, { name: "b" }] }), patch: pod({ "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] }), want: pod({ containers: [{ name: "own" }, { name: "b" }, { name: "a" }] }) },
    { name: "deletes from a set", object: { metadata: { finalizers: ["x", "y"] } }, patch: { metadata: { "$deleteFromPrimitiveList/finalizers": ["x"] } }, want: { metadata: { finalizers: ["y"] } } },
    { name: "adds to a set, the new in front", object: { metadata: { finalizers: ["x"] } }, patch: { metadata: { finalizers: ["y"] } }, want: { metadata: { finalizers: ["y", "x"] } } },
    { name: "replaces an atomic list", object: pod({ tolerations: [{ key: "a" }] }), patch: pod({ tolerations: [{ key: "b" }] }), want: pod({ tolerations: [{ key: "b" }] }) },
    { name: "removes what is null", object: pod({ nodeName: "n", priority: 1 }), patch: pod({ nodeName: null }), want: pod({ priority: 1 }) },
  ])("$name", ({ object, patch, want }) => {
    const before = structuredClone(object);
    expect(applyStrategicMergePatch(object, patch, podSchema)).toEqual(want);
    expect(object).toEqual(before);
  });

  it("retains only the named keys", () => {
    const object = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(applyStrategicMergePatch(object, patch, deploymentSchema)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  test.each([
    { name: "an item without its key", patch: pod({ containers: [{ image: "x" }] }), message: "does not contain declared merge key: name" },
    { name: "a directive that is none", patch: pod({ $patch: "merge-it" }), message: "unknown patch type: merge-it in map: map[$patch:merge-it]" },
    { name: "an order that leaves an item out", patch: pod({ "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "z" }] }), message: "doesn't match $setElementOrder list" },
  ])("refuses $name", ({ patch, message }) => {
    expect(() => applyStrategicMergePatch(pod({ containers: [{ name: "a" }] }), patch, podSchema)).toThrow(message);
  });
});

describe(createThreeWayStrategicPatch, () => {
  it("changes what differs, removes what was applied and is gone, leaves the rest", () => {
    const last = pod({ containers: [{ name: "a", image: "1" }, { name: "old" }], nodeSelector: { a: "1" } });
    const desired = pod({ containers: [{ name: "a", image: "2" }] });
    const live = pod({ containers: [{ name: "a", image: "1", imagePullPolicy: "Always" }, { name: "old" }, { name: "injected" }], nodeSelector: { a: "1" }, nodeName: "n" });
    const patch = createThreeWayStrategicPatch(last, desired, live, podSchema);
    expect(patch).toEqual(pod({ $setElementOrder: undefined, "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "a", image: "2" }, { name: "old", $patch: "delete" }], nodeSelector: null }));
    expect(applyStrategicMergePatch(live, patch, podSchema)).toEqual(pod({ containers: [{ name: "a", image: "2", imagePullPolicy: "Always" }, { name: "injected" }], nodeName: "n" }));
  });

  it("is empty where nothing is to be done", () => {
    const desired = pod({ containers: [{ name: "a", image: "1" }] });
    expect(createThreeWayStrategicPatch(desired, desired, pod({ containers: [{ name: "a", image: "1", imagePullPolicy: "Always" }] }), podSchema)).toEqual({});
    expect(createTwoWayStrategicPatch(desired, desired, podSchema)).toEqual({});
  });
});

describe(applyJsonMergePatch, () => {
  it("follows RFC 7396, and its inverse finds the patch", () => {
    const from = { a: { b: 1, c: 2 }, d: [1], e: 1 };
    const to = { a: { b: 1, f: 3 }, d: [1, 2] };
    const patch = createJsonMergePatch(from, to);
    expect(patch).toEqual({ a: { c: null, f: 3 }, d: [1, 2], e: null });
    expect(applyJsonMergePatch(from, patch)).toEqual(to);
  });

  it("keeps fields that neither side of a three-way names", () => {
    expect(createThreeWayJsonMergePatch({ a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { c: 1, x: 9 }, y: 1 })).toEqual({ a: null, b: { c: null, d: 2 } });
  });
});

describe(applyJsonPatch, () => {
  const document = { a: { "b/c": [1, 2, 3] }, d: null };
  test.each<{ name: string; patch: JsonPatchOperation[]; want: unknown }>([
    { name: "adds to a list", patch: [{ op: "add", path: "/a/b~1c/1", value: 9 }], want: { a: { "b/c": [1, 9, 2, 3] }, d: null } },
    { name: "adds at the end", patch: [{ op: "add", path: "/a/b~1c/-", value: 9 }], want: { a: { "b/c": [1, 2, 3, 9] }, d: null } },
    { name: "removes, replaces, copies and moves", patch: [{ op: "remove", path: "/a/b~1c/0" }, { op: "replace", path: "/d", value: 1 }, { op: "copy", from: "/d", path: "/e" }, { op: "move", from: "/e", path: "/f" }], want: { a: { "b/c": [2, 3] }, d: 1, f: 1 } },
    { name: "tests null and absent alike", patch: [{ op: "test", path: "/d", value: null }, { op: "test", path: "/z", value: null }], want: document },
  ])("$name", ({ patch, want }) => {
    expect(applyJsonPatch(document, patch)).toEqual(want);
    expect(document).toEqual({ a: { "b/c": [1, 2, 3] }, d: null });
  });

  test.each<{ name: string; patch: JsonPatchOperation[]; message: string }>([
    { name: "a test that fails", patch: [{ op: "test", path: "/a", value: 1 }], message: "testing value /a failed" },
    { name: "a path that is not there", patch: [{ op: "remove", path: "/x/y" }], message: "remove operation does not apply: doc is missing path: /x/y: missing value" },
    { name: "an index beyond the list", patch: [{ op: "add", path: "/a/b~1c/7", value: 1 }], message: "7 is not an index of the list" },
    { name: "an operation that is none", patch: [{ op: "increment" as "add", path: "/a", value: 1 }], message: "not one of add, remove, replace, move, copy, test" },
  ])("refuses $name", ({ patch, message }) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(message);
  });
});
