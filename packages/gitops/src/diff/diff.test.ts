import type { KubeObject } from "@trireme/api";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { openApiSchemas } from "../merge/schema-source.ts";
import { serverSideApply } from "../merge/server-side-apply.ts";
import { withLastApplied } from "../merge/patch/three-way.ts";
import type { ObjectDiff, SchemaNode } from "../merge.ts";
import { diff, type DiffOptions } from "./diff.ts";

const schemas = openApiSchemas(kubernetesSchemas);
const deploymentSchema = schemas.schemaOf({ group: "apps", version: "v1", kind: "Deployment" })!;
const schemaOf = (object: KubeObject): SchemaNode | undefined => {
  const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["", object.apiVersion];
  return schemas.schemaOf({ group: group!, version: version!, kind: object.kind });
};

function aDeployment(spec: Record<string, unknown> = {}, container: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "demo", labels: { app: "web" } },
    spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1", ...container }] } }, ...spec },
  };
}

/** As the server stores it: defaults filled in, the last apply remembered. */
function applied(object: KubeObject): KubeObject {
  const live = structuredClone(withLastApplied(object));
  live.metadata["uid"] = "u1";
  live.metadata.creationTimestamp = "2026-01-01T00:00:00Z";
  live["spec"].progressDeadlineSeconds = 600;
  live["spec"].template.spec.restartPolicy = "Always";
  live["spec"].template.spec.containers[0].terminationMessagePath = "/dev/termination-log";
  live["status"] = { replicas: 2 };
  return live;
}

function compared(options: Partial<DiffOptions> & { desired: KubeObject | undefined; live: KubeObject | undefined }): ObjectDiff {
  const object = options.desired ?? options.live!;
  const result = diff({ schema: schemaOf(object), ...options });
  if ("question" in result) throw new Error(`asks for a ${result.question.kind}`);
  return result;
}

const pathsOf = (result: ObjectDiff): string[] => result.differences.map(({ path }) => path);

describe(diff, () => {
  it("finds nothing in what the server completed", () => {
    const desired = aDeployment();
    const live = applied(desired);
    const result = compared({ desired, live });
    expect(result).toMatchObject({ modified: false, differences: [] });
    expect(result.predictedLive).toBe(result.normalizedLive);
  });

  it("names the field, both values and who wrote it", () => {
    const desired = aDeployment();
    const live = applied(desired);
    live["spec"].template.spec.containers[0].image = "web:hacked";
    live.metadata.managedFields = [
      { manager: "kubectl-edit", operation: "Update", apiVersion: "apps/v1", time: "2026-02-03T04:05:06Z", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } } } } },
    ];
    expect(compared({ desired, live })).toMatchObject({
      modified: true,
      differences: [
        {
          path: 'spec.template.spec.containers[name="web"].image',
          pointer: "/spec/template/spec/containers/0/image",
          desired: "web:1",
          live: "web:hacked",
          writer: { manager: "kubectl-edit", operation: "Update", time: "2026-02-03T04:05:06Z" },
        },
      ],
      predictedLive: { spec: { progressDeadlineSeconds: 600, template: { spec: { containers: [{ image: "web:1" }] } } } },
    });
  });

  test.each([
    { name: "an amount written in another way", container: { resources: { limits: { cpu: "1000m", memory: "1Gi" } } }, live: { resources: { limits: { cpu: "1", memory: "1073741824" } } } },
    { name: "an empty list that the server leaves out", container: { env: [], args: null }, live: {} },
    { name: "a false that the server leaves out", container: { stdin: false, workingDir: "" }, live: {} },
    { name: "a protocol that the server fills in", container: { ports: [{ containerPort: 80 }] }, live: { ports: [{ containerPort: 80, protocol: "TCP" }] } },
    { name: "an item that somebody else added", container: { env: [{ name: "A", value: "1" }] }, live: { env: [{ name: "A", value: "1" }, { name: "INJECTED", value: "x" }] } },
  ])("does not take $name for drift", ({ container, live }) => {
    const desired = aDeployment({}, container);
    const stored = applied(desired);
    Object.assign(stored["spec"].template.spec.containers[0], { env: undefined, args: undefined, stdin: undefined, workingDir: undefined }, live);
    expect(pathsOf(compared({ desired, live: JSON.parse(JSON.stringify(stored)) }))).toEqual([]);
  });

  it("finds what the last apply had and this one dropped", () => {
    const live = applied(aDeployment({ minReadySeconds: 5 }, { env: [{ name: "A", value: "1" }, { name: "B", value: "2" }] }));
    const result = compared({ desired: aDeployment({}, { env: [{ name: "B", value: "2" }] }), live });
    expect(pathsOf(result)).toEqual(['spec.template.spec.containers[name="web"].env[name="A"]', "spec.minReadySeconds"]);
    expect(result.predictedLive!["spec"].template.spec.containers[0].env).toEqual([{ name: "B", value: "2" }]);
  });

  it("compares a server-side apply with what its manager owns", () => {
    const now = "2026-01-01T00:00:00Z";
    const { object: first } = serverSideApply({ live: undefined, config: aDeployment({ minReadySeconds: 5 }), schema: deploymentSchema, manager: "argocd-controller", now });
    const { object: live } = serverSideApply({ live: first, config: { ...aDeployment(), spec: { replicas: 5 } }, schema: deploymentSchema, manager: "hpa", force: true, now });
    const { replicas: _, ...spec } = aDeployment()["spec"];
    const desired = { ...aDeployment(), spec };
    expect(pathsOf(compared({ desired, live, apply: "server" }))).toEqual(["spec.minReadySeconds"]);
    expect(pathsOf(compared({ desired: aDeployment({ minReadySeconds: 5 }), live, apply: "server" }))).toEqual(["spec.replicas"]);
  });

  it("asks for a dry run where the server is to compare, and takes webhooks' changes out of its answer", () => {
    const now = "2026-01-01T00:00:00Z";
    const { object: live } = serverSideApply({ live: undefined, config: aDeployment({ minReadySeconds: 5 }), schema: deploymentSchema, manager: "argocd-controller", now });
    const desired = aDeployment({ replicas: 3 });
    expect(diff({ desired, live, schema: deploymentSchema, serverSide: {} })).toEqual({ question: { kind: "dry-run", object: desired } });

    const { object: dryRun } = serverSideApply({ live, config: desired, schema: deploymentSchema, manager: "argocd-controller", now });
    dryRun["spec"].template.spec.containers.push({ name: "sidecar", image: "mesh:1" });
    expect(pathsOf(compared({ desired, live, serverSide: { dryRun } }))).toEqual(["spec.replicas", "spec.minReadySeconds"]);
    expect(pathsOf(compared({ desired, live, serverSide: { dryRun, includeMutations: true } }))).toEqual(["spec.replicas", 'spec.template.spec.containers[name="sidecar"]', "spec.minReadySeconds"]);
    expect(compared({ desired: live, live, serverSide: { dryRun: live } }).modified).toBe(false);
  });

  it("folds stringData into data", () => {
    const desired: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "grüß" } };
    const live: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: "Z3LDvMOf" }, type: "Opaque" };
    expect(compared({ desired, live }).modified).toBe(false);
  });

  it("says that an object is missing or left over", () => {
    const object = aDeployment();
    expect(compared({ desired: object, live: undefined })).toMatchObject({ modified: true, differences: [{ path: "" }] });
    expect(compared({ desired: undefined, live: object })).toMatchObject({ modified: true, predictedLive: undefined });
  });

  describe("ignored differences", () => {
    const desired = aDeployment();
    const live = applied(desired);
    live["spec"].replicas = 7;
    live["spec"].template.spec.containers.push({ name: "proxy", image: "proxy:2" });
    const rule = { group: "apps", kind: "Deployment" };

    test.each([
      { name: "a pointer", ignore: { jsonPointers: ["/spec/replicas"] }, want: [] },
      { name: "a jq path", ignore: { jqPathExpressions: [".spec.replicas"] }, want: [] },
      { name: "a rule for another object", ignore: { name: "other", jsonPointers: ["/spec/replicas"] }, want: ["spec.replicas"] },
      { name: "a jq path that fails", ignore: { jqPathExpressions: [".spec.template.spec.containers[].missing[]"] }, want: ["spec.replicas"] },
    ])("$name", ({ ignore, want }) => {
      expect(pathsOf(compared({ desired, live, ignoreDifferences: [{ ...rule, ...ignore }] }))).toEqual(want);
    });

    it("drops items that a selection names", () => {
      const withEnv = aDeployment({}, { env: [{ name: "A", value: "1" }] });
      const changed = applied(withEnv);
      changed["spec"].template.spec.containers[0].env[0].value = "2";
      const jqPathExpressions = ['.spec.template.spec.containers[] | select(.name == "web") | .env'];
      expect(compared({ desired: withEnv, live: changed, ignoreDifferences: [{ ...rule, jqPathExpressions }] }).modified).toBe(false);
    });

    it("asks for what needs a real jq, and goes on with the answer", () => {
      const ignoreDifferences = [{ ...rule, jqPathExpressions: [".spec | paths(numbers)"] }];
      const first = diff({ desired, live, schema: deploymentSchema, ignoreDifferences });
      expect(first).toMatchObject({ question: { kind: "jq", program: "del(.spec | paths(numbers))" } });
      expect(diff({ desired, live, schema: deploymentSchema, ignoreDifferences, answers: [{ desired, live: desired }] })).toMatchObject({ modified: false });
      expect(diff({ desired, live, schema: deploymentSchema, ignoreDifferences, answers: [undefined] })).toMatchObject({ modified: true });
    });

    it("the fields of a manager", () => {
      const hpa = { manager: "hpa", operation: "Update" as const, apiVersion: "apps/v1", fieldsType: "FieldsV1" as const, fieldsV1: { "f:spec": { "f:replicas": {} } } };
      const scaled = { ...live, metadata: { ...live.metadata, managedFields: [hpa] } };
      expect(compared({ desired, live: scaled, ignoreDifferences: [{ ...rule, managedFieldsManagers: ["hpa"] }] }).modified).toBe(false);
    });
  });
});
