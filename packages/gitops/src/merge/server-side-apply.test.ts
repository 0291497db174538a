import type { KubeObject } from "@trireme/api";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { conflictMessage, conflictStatus } from "./conflicts.ts";
import { keepTimes } from "./keep-times.ts";
import { migrateManagersPatch } from "./migrate-managers.ts";
import { applyJsonPatch } from "./patch/json-patch.ts";
import { withLastApplied } from "./patch/three-way.ts";
import { openApiSchemas } from "./schema-source.ts";
import { serverSideApply, type ApplyOptions } from "./server-side-apply.ts";
import { trackUpdate } from "./track-update.ts";

const schema = openApiSchemas(kubernetesSchemas).schemaOf({ group: "apps", version: "v1", kind: "Deployment" })!;
const at = (minute: number): string => `2026-01-01T00:0${minute}:00Z`;

function aDeployment(spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "demo", ...metadata }, spec: { selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } }, ...spec } };
}

const stored = (object: KubeObject, version = "1"): KubeObject => ({ ...object, metadata: { ...object.metadata, uid: "u1", resourceVersion: version } });
const applied = (options: Partial<ApplyOptions> & { config: KubeObject; live?: KubeObject }): KubeObject => {
  const { object, conflicts } = serverSideApply({ schema, manager: "argocd-controller", now: at(1), live: undefined, ...options });
  expect(conflicts).toEqual([]);
  return stored(object);
};
const managersOf = (object: KubeObject): string[] => (object.metadata.managedFields ?? []).map(({ manager, operation, time }) => `${manager} ${operation} ${time}`);

describe(serverSideApply, () => {
  it("removes what this manager applied before and left out now", () => {
    const live = applied({ config: aDeployment({ minReadySeconds: 5, replicas: 2 }) });
    const { object } = serverSideApply({ live, config: aDeployment({ replicas: 2 }), schema, manager: "argocd-controller", now: at(2) });
    expect(object["spec"]).toEqual(aDeployment({ replicas: 2 })["spec"]);
  });

  it("keeps what another manager owns as well, and what nobody applied", () => {
    const first = applied({ config: aDeployment({ replicas: 2, minReadySeconds: 5 }) });
    const second = applied({ live: first, config: aDeployment({ replicas: 2 }), manager: "other", now: at(2) });
    const edited = trackUpdate({ live: second, updated: { ...second, spec: { ...second["spec"], paused: true } }, schema, manager: "kubectl-edit", now: at(3) });
    const { object } = serverSideApply({ live: stored(edited), config: aDeployment(), schema, manager: "argocd-controller", now: at(4) });
    expect(object["spec"]).toMatchObject({ replicas: 2, paused: true });
    expect(object["spec"]).not.toHaveProperty("minReadySeconds");
  });

  it("names whom it would take a field from, and takes it by force", () => {
    const live = stored(trackUpdate({ live: undefined, updated: aDeployment({ replicas: 3 }), schema, manager: "kubectl-create", now: at(1) }));
    const config = aDeployment({ replicas: 5 });
    const { conflicts, object } = serverSideApply({ live, config, schema, manager: "argocd-controller", now: at(2) });
    expect(object).toBe(live);
    expect(conflictMessage(conflicts)).toBe('Apply failed with 1 conflict: conflict with "kubectl-create" using apps/v1: .spec.replicas');
    expect(conflictStatus(conflicts)).toMatchObject({ code: 409, reason: "Conflict", details: { causes: [{ reason: "FieldManagerConflict", message: 'conflict with "kubectl-create" using apps/v1', field: ".spec.replicas" }] } });
    const forced = applied({ live, config, force: true, now: at(2) });
    expect(forced["spec"].replicas).toBe(5);
    expect(forced.metadata.managedFields!.find(({ manager }) => manager === "kubectl-create")!.fieldsV1).not.toHaveProperty("f:spec.f:replicas");
  });

  it("writes nothing, and no new time, when nothing changes", () => {
    const live = applied({ config: aDeployment() });
    const { object, changed } = serverSideApply({ live, config: aDeployment(), schema, manager: "argocd-controller", now: at(2) });
    expect(changed).toBe(false);
    expect(object.metadata.managedFields).toEqual(live.metadata.managedFields);
  });

  it("gives the fields of an object that nobody manages to before-first-apply", () => {
    const live = stored(aDeployment({ replicas: 1 }));
    const config = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", labels: { team: "a" } } } as KubeObject;
    expect(managersOf(applied({ live, config, now: at(2) }))).toEqual([`argocd-controller Apply ${at(2)}`, `before-first-apply Update ${at(2)}`]);
  });

  it("lets kubectl overwrite what its own client-side apply set", () => {
    const live = stored(trackUpdate({ live: undefined, updated: withLastApplied(aDeployment({ replicas: 3 })), schema, manager: "kubectl-client-side-apply", now: at(1) }));
    const { object, conflicts } = serverSideApply({ live, config: aDeployment({ replicas: 4 }), schema, manager: "kubectl", now: at(2) });
    expect(conflicts).toEqual([]);
    expect(JSON.parse(object.metadata.annotations!["kubectl.kubernetes.io/last-applied-configuration"]!).spec.replicas).toBe(4);
  });

  test.each([
    { name: "a field that is none", config: { ...aDeployment(), spec: { replica: 1 } }, message: "failed to create typed patch object (demo/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema" },
    { name: "two items of one key", config: aDeployment({ template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } }), message: 'failed to create typed patch object (demo/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="a"]' },
    { name: "managedFields", config: aDeployment({}, { managedFields: [] }), message: "metadata.managedFields must be nil" },
  ])("refuses $name", ({ config, message }) => {
    expect(() => serverSideApply({ live: undefined, config: config as KubeObject, schema, manager: "m", now: at(1) })).toThrow(expect.objectContaining({ message, reason: "InvalidApply" }));
  });
});

describe(trackUpdate, () => {
  it("folds the oldest of more than ten update managers into ancient-changes", () => {
    let live: KubeObject | undefined;
    for (let i = 0; i < 13; i++) {
      const updated: KubeObject = structuredClone(live ?? aDeployment());
      updated.metadata.labels = { ...updated.metadata.labels, [`l${i}`]: "x" };
      live = stored(trackUpdate({ live, updated, schema, manager: `m${String(i).padStart(2, "0")}`, now: `2026-01-01T00:00:${String(i).padStart(2, "0")}Z` }), String(i));
    }
    const managers = live!.metadata.managedFields!.map(({ manager }) => manager);
    expect(managers).toHaveLength(10);
    expect(managers[0]).toBe("ancient-changes");
    expect(live!.metadata.managedFields![0]!.time).toBe("2026-01-01T00:00:03Z");
  });

  it("does not track what was never tracked, nor what a reset asks to forget", () => {
    const live = stored(aDeployment());
    expect(trackUpdate({ live, updated: aDeployment({ paused: true }), schema, manager: "m", now: at(1) }).metadata.managedFields).toBeUndefined();
    const tracked = stored(trackUpdate({ live: undefined, updated: aDeployment(), schema, manager: "m", now: at(1) }));
    const reset = { ...tracked, metadata: { ...tracked.metadata, managedFields: [] } };
    expect(trackUpdate({ live: tracked, updated: reset, schema, manager: "m", now: at(2) }).metadata.managedFields).toBeUndefined();
  });

  it("keeps owners of status and of the rest apart", () => {
    const live = stored(trackUpdate({ live: undefined, updated: aDeployment(), schema, manager: "m", now: at(1) }));
    const updated = { ...live, status: { replicas: 2 }, spec: { ...live["spec"], paused: true } };
    const entry = trackUpdate({ live, updated, schema, manager: "m", subresource: "status", resetFields: [["spec"]], now: at(2) }).metadata.managedFields!.find(({ subresource }) => subresource === "status");
    expect(entry).toMatchObject({ manager: "m", operation: "Update", time: at(2), fieldsV1: { "f:status": { "f:replicas": {} } } });
  });
});

describe(keepTimes, () => {
  it("takes empty and absent for the same in the object, not in the sets", () => {
    const live = applied({ config: aDeployment() });
    const next: KubeObject = { ...live, metadata: { ...live.metadata, labels: {}, managedFields: live.metadata.managedFields!.map((entry) => ({ ...entry, time: at(5) })) } };
    expect(keepTimes(live, next)).toMatchObject({ changed: false, object: { metadata: { managedFields: [{ time: at(1) }] } } });
    const more: KubeObject = { ...next, metadata: { ...next.metadata, managedFields: next.metadata.managedFields!.map((entry) => ({ ...entry, fieldsV1: { ...entry.fieldsV1, "f:data": {} } })) } };
    expect(keepTimes(live, more).changed).toBe(true);
  });
});

describe(migrateManagersPatch, () => {
  it("hands the fields of client-side applies to the server-side applier", () => {
    const live = stored(trackUpdate({ live: undefined, updated: aDeployment({ replicas: 3 }), schema, manager: "kubectl-client-side-apply", now: at(1) }), "7");
    const patch = migrateManagersPatch(live, { from: "kubectl-client-side-apply", to: "argocd-controller" })!;
    expect(patch[1]).toEqual({ op: "replace", path: "/metadata/resourceVersion", value: "7" });
    const migrated = applyJsonPatch(live, patch);
    expect(managersOf(migrated)).toEqual([`argocd-controller Apply ${at(1)}`]);
    expect(migrateManagersPatch(migrated, { from: "kubectl-client-side-apply", to: "argocd-controller" })).toBeUndefined();
    expect(applied({ live: migrated, config: aDeployment(), now: at(2) })["spec"]).not.toHaveProperty("replicas");
  });
});
