import { gvkOf, type KubeObject } from "@trireme/api";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { customResourceSchema, openApiSchemas } from "@trireme/gitops";
import { disagreement } from "@trireme/gitops/testing";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { type ControlPlane, startControlPlane } from "../../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../../support/control-plane.ts";
import { describeUnless, full, seed } from "../../support/sample.ts";
import { clusterKind } from "../../support/stack.ts";
import { playedKinds } from "./kinds.ts";
import { play, prepare } from "./play.ts";
import { widgetDefinition } from "./widget.ts";

const obstacle = clusterKind === "real" ? controlPlaneObstacle() : "runs with `--cluster real` and in `npm run e2e:full`";

describeUnless(obstacle, "the merge, held to a real API server", () => {
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ controllers: false, log: console.log });
  }, 45 * 60_000);

  afterAll(async () => {
    await controlPlane?.stop();
  });

  it(`says what the server says to random writes (seed ${seed})`, async () => {
    const client = createKubeClient({ connection: await loadKubeconfig(controlPlane.kubeconfig) });
    const builtIn = openApiSchemas(kubernetesSchemas);
    const widget = customResourceSchema(widgetDefinition as unknown as Parameters<typeof customResourceSchema>[0], "v1", kubernetesSchemas)!;
    await prepare(client, "merge");
    const found: string[] = [];
    let judged = 0;
    for await (const write of play(client, "merge", { seed, objects: full ? 360 : 54, writes: 8 })) {
      if (write.status >= 400 && write.status !== 409) continue;
      const gvk = gvkOf((write.before ?? write.after) as KubeObject);
      const hasStatus = playedKinds.find(({ kind }) => kind === write.kind)!.statusParts !== undefined;
      const problem = disagreement(write, write.kind === "Widget" ? widget : builtIn.schemaOf(gvk)!, hasStatus);
      judged++;
      if (problem !== undefined) found.push(`write ${judged} (${write.verb} ${write.kind} by ${write.manager}): ${problem}`);
    }
    await client.close();
    expect(found).toEqual([]);
    expect(judged).toBeGreaterThan(100);
  }, 120_000);
});
