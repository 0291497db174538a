import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import os from "node:os";
import path from "node:path";
import { startDevCluster, type DevCluster } from "@trireme/dev-cluster";
import { loadKubeconfig } from "@trireme/kube";
import { startControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import { describeUnless } from "../support/sample.ts";
import { clusterKind } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { serverOf } from "./ask.ts";
import { normalized } from "./normalize.ts";

const MAPS = "/api/v1/namespaces/same-watches/configmaps";
const MERGE = "application/merge-patch+json";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const INITIAL = "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";

/** Watches that are open while the same things happen on both servers; VERSION is that of a list before. */
const watches: readonly { name: string; query: string; accept?: string }[] = [
  { name: "from nothing", query: "" },
  { name: "from 0", query: "resourceVersion=0" },
  { name: "from a list", query: "resourceVersion=VERSION" },
  { name: "with a label selector", query: "resourceVersion=VERSION&labelSelector=a%3Dx" },
  { name: "of one name", query: "resourceVersion=VERSION&fieldSelector=metadata.name%3Dnew" },
  { name: "as tables", query: "", accept: TABLE },
  { name: "as tables with whole objects", query: "includeObject=Object", accept: TABLE },
  { name: "as metadata", query: "resourceVersion=VERSION", accept: METADATA },
  { name: "with initial events", query: INITIAL },
  { name: "with initial events as metadata", query: INITIAL, accept: METADATA },
  { name: "without initial events", query: "sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion=VERSION" },
];

const reason = clusterKind === "real" ? controlPlaneObstacle() : "needs the real control plane: npm run e2e -- --cluster real";

describeUnless(reason, "watches of the embedded cluster beside a real control plane", () => {
  let dir: string;
  let real: ControlPlane;
  let dev: DevCluster;
  let heard: { real: Map<string, unknown[]>; dev: Map<string, unknown[]> };

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "trireme-watches-"));
    real = await startControlPlane({ dir: path.join(dir, "control-plane"), controllers: false });
    dev = await startDevCluster();
    const kubeconfig = path.join(dir, "dev-kubeconfig");
    dev.writeKubeconfig(kubeconfig);
    heard = { real: await listenTo(real.kubeconfig), dev: await listenTo(kubeconfig) };
  }, 600_000);

  afterAll(async () => {
    await dev?.stop();
    await real?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it.each(watches)("$name tells the same", ({ name }) => {
    expect(heard.dev.get(name)).toEqual(heard.real.get(name));
  });
});

/** Opens every watch, lets things happen, and answers what each watch told. */
async function listenTo(kubeconfig: string): Promise<Map<string, unknown[]>> {
  using server = await serverOf(kubeconfig);
  const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", at: string, body?: unknown): Promise<any> => server.ask({ name: at, method, path: at, ...(body !== undefined && { body }), ...(method === "PATCH" && { type: MERGE }) }).then((said) => said.body);
  await ask("POST", "/api/v1/namespaces", { metadata: { name: "same-watches" } });
  await ask("POST", MAPS, { metadata: { name: "there", labels: { a: "x" } }, data: { a: "1" } });
  const version = (await ask("GET", MAPS)).metadata.resourceVersion as string;
  const open = await Promise.all(watches.map(async ({ name, query, accept }) => ({ name, watch: await openWatch(kubeconfig, `${MAPS}?watch=1&${query.replace("VERSION", version)}`, accept) })));
  await happenings(ask);
  const told = new Map<string, unknown[]>();
  for (const { name, watch } of open) {
    const events = await until(`the end of "there" in the watch ${name}`, async () => watch.events, (list) => name === "of one name" ? ends(list, "new") : ends(list, "there"));
    told.set(name, events.filter((event) => !isPeriodic(event)).map((event) => normalized(event)));
    watch.close();
  }
  return told;
}

async function happenings(ask: (method: "POST" | "PATCH" | "DELETE", at: string, body?: unknown) => Promise<unknown>): Promise<void> {
  await ask("POST", MAPS, { metadata: { name: "new", labels: { a: "x" } }, data: { a: "1" } });
  await ask("PATCH", `${MAPS}/new`, { data: { a: "2" } });
  await ask("PATCH", `${MAPS}/new`, { data: { a: "2" } });
  await ask("PATCH", `${MAPS}/new`, { metadata: { labels: { a: "y" } } });
  await ask("PATCH", `${MAPS}/new`, { metadata: { labels: { a: "x" }, finalizers: ["test.dev/wait"] } });
  await ask("DELETE", `${MAPS}/new`);
  await ask("PATCH", `${MAPS}/new`, { metadata: { finalizers: null } });
  await ask("DELETE", `${MAPS}/there`);
}

/** Bookmarks that only keep a watch fresh come when a server likes. */
function isPeriodic(event: any): boolean {
  return event.type === "BOOKMARK" && event.object.metadata.annotations === undefined;
}

function ends(events: readonly any[], name: string): true | { notYet: string } {
  const last = events.findLast((event) => event.type === "DELETED")?.object;
  const ended = last?.metadata?.name ?? last?.rows?.[0]?.object?.metadata?.name;
  return ended === name || { notYet: `told ${events.length} events` };
}

async function openWatch(kubeconfig: string, at: string, accept = "application/json"): Promise<{ events: unknown[]; close(): void }> {
  const connection = await loadKubeconfig(kubeconfig);
  const { cert, key, authorization } = await connection.credentials();
  const agent = new Agent({ ca: connection.tls?.ca, cert, key });
  const events: unknown[] = [];
  const outgoing = await new Promise<ReturnType<typeof request>>((resolve, reject) => {
    const sent = request(connection.server + at, { agent, headers: { accept, ...(authorization && { authorization }) } }, (response) => {
      let rest = "";
      response.on("data", (chunk: Buffer) => {
        rest += chunk.toString();
        for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
          events.push(JSON.parse(rest.slice(0, end)));
          rest = rest.slice(end + 1);
        }
      });
      response.on("error", () => undefined);
      resolve(sent);
    });
    sent.on("error", reject);
    sent.end();
  });
  outgoing.on("error", () => undefined);
  return { events, close: () => outgoing.destroy() };
}

