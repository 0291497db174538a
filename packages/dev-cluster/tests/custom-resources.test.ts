import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aWidgetCrd } from "./support/objects.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS = "/apis/test.dev/v1/namespaces/default/widgets";
const aWidget = (name: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "test.dev/v1", kind: "Widget", metadata: { name }, spec: { size: "small", ...spec } });

describe("custom resources", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeAll(async () => {
    cluster = await startDevCluster();
    http = new Http(cluster);
    await http.post(CRDS, aWidgetCrd());
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });

  it("are served as soon as their CRD is accepted", async () => {
    const { body: crd } = await http.get(`${CRDS}/widgets.test.dev`);
    expect(crd).toMatchObject({ spec: { names: { singular: "widget", listKind: "WidgetList" }, conversion: { strategy: "None" } }, status: { acceptedNames: { plural: "widgets" }, storedVersions: ["v1"], conditions: [{ type: "NamesAccepted", status: "True" }, { type: "Established", status: "True" }] } });
    expect((await http.get("/apis/test.dev/v1")).body.resources.map((one: any) => one.name)).toEqual(["widgets", "widgets/status", "widgets/scale"]);
    const { body } = await http.get(WIDGETS);
    expect(body).toMatchObject({ kind: "WidgetList", apiVersion: "test.dev/v1", items: [] });
  });

  it("are defaulted, pruned and kept where the schema says", async () => {
    const { body, headers } = await http.post(WIDGETS, aWidget("plain", { unknown: 1, extra: { any: { thing: [1] } }, port: "http" }));
    expect(body.spec).toEqual({ size: "small", replicas: 1, port: "http", extra: { any: { thing: [1] } } });
    expect(body.metadata.generation).toBe(1);
    expect(headers["warning"]).toBe('299 - "unknown field \\"spec.unknown\\""');
    const strict = await http.post(`${WIDGETS}?fieldValidation=Strict`, aWidget("strict", { unknown: 1 }));
    expect(strict.body.message).toBe('Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.unknown"');
    const { body: item } = await http.get(WIDGETS);
    expect(item.items[0]).toMatchObject({ kind: "Widget", apiVersion: "test.dev/v1" });
  });

  test.each([
    { name: "a missing field", spec: { size: undefined }, want: "spec.size: Required value" },
    { name: "a value that is none of the allowed", spec: { size: "huge" }, want: 'spec.size: Unsupported value: "huge": supported values: "small", "large"' },
    { name: "a wrong type", spec: { replicas: "two" }, want: '[spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: two is of the type string, expected int64]' },
    { name: "a number out of bounds", spec: { replicas: -1 }, want: "[spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0, .spec.replicas: Invalid value: -1: should be a non-negative integer]" },
    { name: "a pattern", spec: { parts: [{ name: "UP" }] }, want: `spec.parts[0].name: Invalid value: "UP": spec.parts[0].name in body should match '^[a-z]+$'` },
    { name: "the same key twice", spec: { parts: [{ name: "a" }, { name: "a" }] }, want: 'spec.parts[1]: Duplicate value: {"name":"a"}' },
  ])("are refused for $name", async ({ spec, want }) => {
    const { body } = await http.post(WIDGETS, aWidget("bad", spec));
    expect(body).toMatchObject({ code: 422, reason: "Invalid", message: `Widget.test.dev "bad" is invalid: ${want}`, details: { group: "test.dev", kind: "Widget", name: "bad" } });
  });

  it("keep status and spec apart, and count generations", async () => {
    const { body: made } = await http.post(WIDGETS, { ...aWidget("parts"), status: { phase: "New" } });
    expect(made.status).toBeUndefined();
    const { body: set } = await http.patch(`${WIDGETS}/parts/status`, "merge", { spec: { size: "large" }, metadata: { labels: { a: "b" } }, status: { phase: "Ready", replicas: 1, selector: "a=b" } });
    expect(set).toMatchObject({ spec: { size: "small" }, status: { phase: "Ready" }, metadata: { generation: 1 } });
    expect(set.metadata.labels).toBeUndefined();
    const { body: grown } = await http.patch(`${WIDGETS}/parts`, "merge", { spec: { size: "large" }, status: { phase: "Lost" } });
    expect(grown).toMatchObject({ spec: { size: "large" }, status: { phase: "Ready" }, metadata: { generation: 2 } });
    const { body: scale } = await http.patch(`${WIDGETS}/parts/scale`, "merge", { spec: { replicas: 4 } });
    expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 4 }, status: { replicas: 1, selector: "a=b" } });
    expect((await http.put(`${WIDGETS}/parts`, aWidget("parts"))).body.message).toContain("metadata.resourceVersion: Invalid value:");
  });

  it("hold what their CRD says never changes", async () => {
    const fixed = { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed is immutable" }] };
    await http.patch(`${CRDS}/widgets.test.dev`, "json", [{ op: "add", path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/fixed", value: fixed }]);
    await http.post(WIDGETS, aWidget("fixed", { fixed: "one" }));
    const { body } = await http.patch(`${WIDGETS}/fixed`, "merge", { spec: { fixed: "two" } });
    expect(body.message).toBe('Widget.test.dev "fixed" is invalid: spec.fixed: Invalid value: "two": fixed is immutable');
  });

  it("are not held to a rule that cannot be checked here: its CRD is refused", async () => {
    const unknown = { type: "string", "x-kubernetes-validations": [{ rule: "url(self).getHost() == 'a.test'" }] };
    const { code, body } = await http.patch(`${CRDS}/widgets.test.dev`, "json", [{ op: "add", path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/link", value: unknown }]);
    expect(code).toBe(422);
    expect(body.message).toContain("the embedded cluster does not know the function, and refuses the rule rather than leave it unchecked");
  });

  it("are patched by merge, JSON and apply, not strategically", async () => {
    await http.post(WIDGETS, aWidget("patched", { parts: [{ name: "a", value: "1" }] }));
    expect((await http.patch(`${WIDGETS}/patched`, "strategic", {})).body).toMatchObject({ code: 415, message: "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml" });
    const { body } = await http.patch(`${WIDGETS}/patched?fieldManager=other`, "apply", aWidget("patched", { parts: [{ name: "b", value: "2" }] }));
    expect(body.spec.parts).toEqual([{ name: "a", value: "1" }, { name: "b", value: "2" }]);
  });

  it("show the columns of their CRD", async () => {
    const { body } = await http.get(`${WIDGETS}/plain`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    expect(body.columnDefinitions.map((one: any) => one.name)).toEqual(["Name", "Size"]);
    expect(body.rows[0].cells).toEqual(["plain", "small"]);
  });

  it("go with their CRD, each with its own finalizers", async () => {
    await http.patch(`${WIDGETS}/plain`, "merge", { metadata: { finalizers: ["test.dev/wait"] } });
    using watch = await http.watch(`${WIDGETS}?watch=1&fieldSelector=metadata.name%3Dplain`);
    const { body } = await http.delete(`${CRDS}/widgets.test.dev`);
    expect(body.metadata.finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"]);
    expect((await http.get(WIDGETS)).body.items.map((one: any) => one.metadata.name)).toEqual(["plain"]);
    await http.patch(`${WIDGETS}/plain`, "merge", { metadata: { finalizers: null } });
    expect((await http.get(`${CRDS}/widgets.test.dev`)).code).toBe(404);
    expect((await http.get(WIDGETS)).code).toBe(404);
    const told = [await watch.next(), await watch.next(), await watch.next(), await watch.next()].map((event) => event?.type);
    expect(told).toEqual(["ADDED", "MODIFIED", "DELETED", undefined]);
  });
});
