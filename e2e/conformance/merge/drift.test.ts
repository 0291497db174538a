import { gvkOf, type KubeObject } from "@trireme/api";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { clientSideApplyPatch, customResourceSchema, diff, type ObjectDiff, openApiSchemas, type SchemaNode, withLastApplied } from "@trireme/gitops";
import { createKubeClient, type KubeClient, loadKubeconfig, refOf } from "@trireme/kube";
import { type ControlPlane, startControlPlane } from "../../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../../support/control-plane.ts";
import { describeUnless, full, seed } from "../../support/sample.ts";
import { clusterKind } from "../../support/stack.ts";
import { type PlayedKind, playedKinds } from "./kinds.ts";
import { prepare } from "./play.ts";
import { Random } from "./random.ts";
import { widgetDefinition } from "./widget.ts";

const obstacle = clusterKind === "real" ? controlPlaneObstacle() : "runs with `--cluster real` and in `npm run e2e:full`";
const NAMESPACE = "drift";

describeUnless(obstacle, "drift on a real API server", () => {
  let controlPlane: ControlPlane;
  let client: KubeClient;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ controllers: false, log: console.log });
    client = createKubeClient({ connection: await loadKubeconfig(controlPlane.kubeconfig) });
    await prepare(client, NAMESPACE);
  }, 45 * 60_000);

  afterAll(async () => {
    await client?.close();
    await controlPlane?.stop();
  });

  test.each(["client", "server"] as const)(`is none after a %s-side apply, and is found before one that changes something (seed ${seed})`, async (apply) => {
    const random = new Random(seed);
    const wrong: string[] = [];
    let changes = 0;
    for (let number = 0; number < (full ? 180 : 36); number++) {
      const kind = playedKinds[number % playedKinds.length]!;
      let live: KubeObject | undefined;
      for (let step = 0; step < 3; step++) {
        const desired = randomObject(kind, `${apply}${number}`, random);
        // A client-side apply of two items with one merge key is a known defect of strategic merge.
        if (apply === "client" && hasTwinPorts(desired)) continue;
        const before = live;
        const expected = before && compared(desired, before, apply);
        live = await applied(desired, before, apply).catch(() => undefined);
        if (live === undefined) break;
        const after = compared(desired, live, apply);
        if (after.modified) wrong.push(`${desired.kind} ${number}/${step}: drift right after the apply: ${texts(after)}`);
        if (before === undefined || expected === undefined) continue;
        const [was, is] = [contentOf(before, apply), contentOf(live, apply)];
        if (was !== is) changes++;
        if (was !== is && !expected.modified) wrong.push(`${desired.kind} ${number}/${step}: the apply changed the object and no drift was found: ${was} -> ${is}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(changes).toBeGreaterThan(10);
  }, 120_000);

  async function applied(desired: KubeObject, live: KubeObject | undefined, apply: "client" | "server"): Promise<KubeObject> {
    const options = { fieldManager: "argocd-controller" };
    if (apply === "server") return client.patch(refOf(desired), "apply", desired, { ...options, force: true });
    if (live === undefined) return client.create(withLastApplied(desired), options);
    const { patch, type } = clientSideApplyPatch(live, desired, schemaOf(desired));
    return client.patch(refOf(desired), type, patch, options);
  }
});

function compared(desired: KubeObject, live: KubeObject, apply: "client" | "server"): ObjectDiff {
  const result = diff({ desired, live, schema: schemaOf(desired), apply });
  if ("question" in result) throw new Error(`asks for a ${result.question.kind}`);
  return result;
}

function randomObject(kind: PlayedKind, name: string, random: Random): KubeObject {
  const object: KubeObject = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name, namespace: NAMESPACE }, ...kind.least() };
  for (let left = random.below(5); left > 0; left--) random.pick(kind.parts)(object, random);
  return object;
}

const builtIn = openApiSchemas(kubernetesSchemas);
const widget = customResourceSchema(widgetDefinition as unknown as Parameters<typeof customResourceSchema>[0], "v1", kubernetesSchemas)!;

function schemaOf(object: KubeObject): SchemaNode {
  return object.kind === "Widget" ? widget : builtIn.schemaOf(gvkOf(object))!;
}

function hasTwinPorts(object: KubeObject): boolean {
  return /"(port|containerPort)":53\b.*"(port|containerPort)":53\b/.test(JSON.stringify(object));
}

function texts(result: ObjectDiff): string {
  return result.differences.map(({ path, desired, live }) => `${path}: ${JSON.stringify(desired)} / ${JSON.stringify(live)}`).join(", ");
}

/**
 * What a user means by the object: without what every write changes, and after a server-side apply without the empty maps
 * of a custom kind: it may leave such a map out the first time and write it the second, so that it stands there says nothing.
 */
function contentOf(object: KubeObject, apply: "client" | "server"): string {
  const { managedFields: _managed, resourceVersion: _version, generation: _generation, annotations, ...metadata } = object.metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => key !== "kubectl.kubernetes.io/last-applied-configuration");
  const { status: _status, ...rest } = object;
  const isNothing = (value: unknown) => apply === "server" && object.kind === "Widget" && typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
  return JSON.stringify({ ...rest, metadata: { ...metadata, annotations: own } }, (_key, value: unknown) => (isNothing(value) ? undefined : value));
}
