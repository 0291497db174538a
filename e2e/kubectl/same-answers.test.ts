import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startDevCluster, type DevCluster } from "@trireme/dev-cluster";
import { startControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import { clusterKind } from "../support/stack.ts";
import { describeUnless } from "../support/sample.ts";
import { until } from "../support/until.ts";
import { serverOf, type Said, type Server } from "./ask.ts";
import { argoKinds } from "./argo-kinds.ts";
import { conversation, type Turn } from "./conversation.ts";
import { everyKind } from "./every-kind.ts";
import { normalized } from "./normalize.ts";

/** Answers that differ in words that Go's structures print, or in orders that a real server leaves to chance. */
const KNOWN: Readonly<Record<string, string>> = {
  "a patch with a wrong value": "the message repeats the patched document in another order of keys",
  "another template": "the message prints the template as Go's internal structure",
  "another command": "the message ends with a diff of Go's internal structures",
  "a number for an object": "a real server adds what its scale accessor says",
  "what may I": "a real server lists rules in an order of chance",
  "DaemonSet daemonset in a table": "the old generation is an annotation only in the object's own version",
  "daemon sets as a table": "the old generation is an annotation only in the object's own version",
};

/** The namespace of the first conversation is gone by its end: the second has one of its own. */
const rest: readonly Turn[] = [
  ...conversation.slice(0, 2),
  ...everyKind,
].map((turn) => JSON.parse(JSON.stringify(turn).replaceAll("same-answers", "every-kind")) as Turn);

/** Building a control plane takes minutes where it is not there yet: only runs that are about it do so. */
const reason = clusterKind === "real" ? controlPlaneObstacle() : "needs the real control plane: npm run e2e -- --cluster real";

describeUnless(reason, "the embedded cluster beside a real control plane", () => {
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

  it.each([...conversation, ...rest, ...argoKinds].map((turn) => [`${turn.name}: ${turn.method} ${turn.path}`, turn] as const))("%s", async (_, turn) => {
    const answers = { real: await servers.real.ask(turn), dev: withoutOwnWarnings(await servers.dev.ask(turn)) };
    const kind = answers.real.code === 201 && turn.path.startsWith("/apis/apiextensions.k8s.io") ? (answers.real.body as any).spec : undefined;
    if (kind) await until("the real server", () => serves(servers.real, `/apis/${kind.group}/${kind.versions[0].name}/${kind.names.plural}`), (served) => served || { notYet: `does not serve ${kind.names.plural}` });
    if (KNOWN[turn.name] !== undefined) {
      expect(outline(answers.dev)).toEqual(outline(answers.real));
      return;
    }
    expect(normalized(answers.dev)).toEqual(normalized(answers.real));
  });
});

/** The embedded cluster says what it stores and does not enforce; a real server has nothing to say there. */
function withoutOwnWarnings(said: Said): Said {
  return typeof said.warning === "string" && said.warning.includes("not enforced by the embedded cluster") ? { ...said, warning: undefined } : said;
}

/** What stays the same where words may differ. */
function outline({ code, body }: Said): unknown {
  const { kind, reason } = (body ?? {}) as { kind?: string; reason?: string };
  return { code, kind, reason };
}

async function serves(server: Server, at: string): Promise<boolean> {
  const turn: Turn = { name: "is it there", method: "GET", path: at };
  return (await server.ask(turn)).code === 200;
}
