import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startDevCluster, type DevCluster } from "@trireme/dev-cluster";
import { startControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import { describeUnless } from "../support/sample.ts";
import { until } from "../support/until.ts";
import { serverOf, type Said, type Server } from "./ask.ts";
import { conversation, type Turn } from "./conversation.ts";
import { normalized } from "./normalize.ts";

/** Answers that differ in words that Go's structures print, or in orders that a real server leaves to chance. */
const KNOWN: Readonly<Record<string, string>> = {
  "a patch with a wrong value": "the message repeats the patched document in another order of keys",
  "another template": "the message prints the template as Go's internal structure",
  "another command": "the message ends with a diff of Go's internal structures",
  "many things wrong": "a real server names them in an order of chance",
  "a number for an object": "a real server adds what its scale accessor says",
  "what may I": "a real server lists rules in an order of chance",
  "daemon sets as a table": "the old generation is an annotation only in the object's own version",
};

describeUnless(controlPlaneObstacle(), "the embedded cluster beside a real control plane", () => {
  let dir: string;
  let real: ControlPlane;
  let dev: DevCluster;
  let servers: { real: Server; dev: Server };

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "trireme-same-"));
    real = await startControlPlane({ dir: path.join(dir, "control-plane"), controllers: false });
    dev = await startDevCluster();
    const kubeconfig = path.join(dir, "dev-kubeconfig");
    dev.writeKubeconfig(kubeconfig);
    servers = { real: await serverOf(real.kubeconfig), dev: await serverOf(kubeconfig) };
  }, 600_000);

  afterAll(async () => {
    servers?.real[Symbol.dispose]();
    servers?.dev[Symbol.dispose]();
    await dev?.stop();
    await real?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it.each(conversation.map((turn) => [`${turn.name}: ${turn.method} ${turn.path}`, turn] as const))("%s", async (_, turn) => {
    const answers = { real: await servers.real.ask(turn), dev: await servers.dev.ask(turn) };
    if (turn.name === "a CRD") await until("the real server", () => serves(servers.real, "/apis/test.dev/v1/widgets"), (served) => served || { notYet: "does not serve the new kind" });
    if (KNOWN[turn.name] !== undefined) {
      expect(outline(answers.dev)).toEqual(outline(answers.real));
      return;
    }
    expect(normalized(answers.dev)).toEqual(normalized(answers.real));
  });
});

/** What stays the same where words may differ. */
function outline({ code, body }: Said): unknown {
  const { kind, reason } = (body ?? {}) as { kind?: string; reason?: string };
  return { code, kind, reason };
}

async function serves(server: Server, at: string): Promise<boolean> {
  const turn: Turn = { name: "is it there", method: "GET", path: at };
  return (await server.ask(turn)).code === 200;
}
