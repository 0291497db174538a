import { messagePlan } from "../public/contract.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { shape } from "./shape.ts";
import { Prepared, textOf } from "./prepared.ts";

const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";

describe(shape, () => {
  test.each([
    { name: "a struct held by value is there with its zeros", message: `${V1}.Operation`, given: {}, want: { initiatedBy: {}, retry: {} } },
    { name: "a list without omitempty is null, one with it is left out", message: `${V1}.ApplicationList`, given: { items: [] }, want: { metadata: {}, items: null } },
    { name: "history keeps id 0", message: `${V1}.RevisionHistory`, given: { id: 0, revision: "4f2c" }, want: { id: 0, revision: "4f2c", deployedAt: null, initiatedBy: {}, source: { repoURL: "" } } },
    { name: "an embedded struct stands among its parent's fields", message: `${V1}.SyncStrategyHook`, given: { force: true }, want: { force: true } },
    { name: "a resource node is its reference and more", message: `${V1}.ResourceNode`, given: { kind: "Pod", name: "web-0", createdAt: "2026-11-23T06:22:51.5Z" }, want: { kind: "Pod", name: "web-0", createdAt: "2026-11-23T06:22:51Z" } },
    { name: "a pointer to false stays", message: `${V1}.SyncPolicyAutomated`, given: { prune: false, selfHeal: true }, want: { prune: false, selfHeal: true } },
    { name: "an optional list is bare, an empty one stays", message: `${V1}.ApplicationSourcePluginParameter`, given: { name: "p", array: [], map: { a: "1" } }, want: { name: "p", array: [], map: { a: "1" } } },
    { name: "names keep their capitals", message: `${V1}.KustomizeOptions`, given: { BuildOptions: "--enable-helm" }, want: { BuildOptions: "--enable-helm", BinaryPath: "", Versions: null } },
    { name: "numbers and strings are both counts", message: `${V1}.KustomizeReplica`, given: { name: "web", count: 3 }, want: { name: "web", count: 3 } },
    { name: "a creation time that is not set is left out", message: `${V1}.Application`, given: { metadata: { name: "web", creationTimestamp: null } }, want: expect.objectContaining({ metadata: { name: "web" } }) },
    { name: "what the message does not have is dropped", message: "version.VersionMessage", given: { Version: "v3.5.1", surprise: 1 }, want: { Version: "v3.5.1" } },
    { name: "a resource override shows its ignore rules as YAML", message: "cluster.Settings", given: { resourceOverrides: { "*/*": { ignoreDifferences: { jsonPointers: ["/status"] } } } }, want: expect.objectContaining({ resourceOverrides: { "*/*": { ignoreDifferences: "jqPathExpressions: null\njsonPointers:\n- /status\nmanagedFieldsManagers: null\n", ignoreResourceUpdates: "jqPathExpressions: null\njsonPointers: null\nmanagedFieldsManagers: null\n" } } }) },
  ])("$name", ({ message, given, want }) => {
    const plan = messagePlan(message);
    expect(shape(plan, given)).toEqual(want);
    expect(decode(plan, encode(plan, given))).toEqual(want);
  });

  test.each([
    { name: "a string for a bool", given: { spec: { syncPolicy: { automated: { prune: "yes" } } } }, want: "json: cannot unmarshal string into Go struct field Application.spec.syncPolicy.automated.prune of type bool" },
    { name: "a fraction for a whole number", given: { spec: { revisionHistoryLimit: 1.5 } }, want: "json: cannot unmarshal number into Go struct field Application.spec.revisionHistoryLimit of type int64" },
    { name: "an object for a list", given: { spec: { sources: {} } }, want: "json: cannot unmarshal object into Go struct field Application.spec.sources of type []ApplicationSource" },
    { name: "a time that is none", given: { metadata: { deletionTimestamp: "yesterday" } }, want: 'parsing time "yesterday" at Application.metadata.deletionTimestamp: want RFC 3339, as 2006-01-02T15:04:05Z' },
  ])("names the place of $name", ({ given, want }) => {
    expect(() => shape(messagePlan(`${V1}.Application`), given)).toThrow(want);
  });
});

describe(encode, () => {
  it("writes what proto2 requires although nobody set it", () => {
    const bytes = encode(messagePlan("application.LogEntry"), { content: "hello" });
    // content = 1, timeStamp = 2 (an empty message), last = 3, timeStampStr = 4, podName = 5
    expect([...bytes]).toEqual([0x0a, 5, ...Buffer.from("hello"), 0x12, 0, 0x18, 0, 0x22, 0, 0x2a, 0]);
  });

  it("carries whole numbers beyond 32 bits", () => {
    const plan = messagePlan("project.ProjectTokenCreateRequest");
    expect(decode(plan, encode(plan, { expiresIn: 2 ** 45 }))).toEqual({ expiresIn: 2 ** 45 });
  });
});

describe(decode, () => {
  it("skips fields that it does not know", () => {
    const plan = messagePlan("session.SessionResponse");
    expect(decode(plan, Buffer.concat([Buffer.from([0xfa, 0x3e, 3, 1, 2, 3]), encode(plan, { token: "t" })]))).toEqual({ token: "t" });
  });

  it("refuses a message that ends before its parts do", () => {
    const plan = messagePlan(`${V1}.Application`);
    const bytes = encode(plan, { metadata: { name: "web", namespace: "argocd" } });
    for (let length = 1; length < bytes.length; length += 1) {
      try {
        decode(plan, bytes.subarray(0, length));
      } catch (error) {
        expect(error).toMatchObject({ reason: "MalformedMessage", message: expect.stringContaining(`${V1}.Application cannot be read`) });
      }
    }
  });
});

describe(Prepared, () => {
  const application = messagePlan(`${V1}.Application`);
  const list = messagePlan(`${V1}.ApplicationList`);
  const objects = ["a", "b"].map((name) => ({ metadata: { name }, spec: { project: "default" } }));

  it("stands in lists and events for the object itself, in text and in bytes", () => {
    const prepared = { metadata: { resourceVersion: "7" }, items: objects.map((object) => new Prepared(application, object)) };
    const plain = { metadata: { resourceVersion: "7" }, items: objects };
    expect(JSON.parse(textOf(list, prepared).toString())).toEqual(shape(list, plain));
    expect(decode(list, encode(list, prepared))).toEqual(shape(list, plain));
    const watch = messagePlan(`${V1}.ApplicationWatchEvent`);
    expect(JSON.parse(textOf(watch, { type: "ADDED", application: new Prepared(application, objects[0]!) }).toString())).toEqual(shape(watch, { type: "ADDED", application: objects[0] }));
  });

  it("does not stand for another message", () => {
    expect(() => encode(list, new Prepared(application, {}))).toThrow(/prepared .*Application stands where .*ApplicationList is wanted/);
  });
});
