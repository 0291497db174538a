import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { setTimeout as pause } from "node:timers/promises";
import { Api } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { clusterKind, startStack, type OwnStack } from "../support/stack.ts";
import { until, type Verdict } from "../support/until.ts";

const APPLICATIONS = 50;
const OBJECTS = 5;
/** Operations that have ended when the cluster goes: the rest is under way or about to be. */
const ENDED_BEFORE = 5;
/** Long enough for every retry that does not wait to have failed. */
const OUTAGE_MS = 3_000;
/** Goal after the return: 30 s on a machine of two cores that is otherwise idle. */
const RECOVERY_MS = 90_000;

const indexes = Array.from({ length: APPLICATIONS }, (_, index) => index);
const nameOf = (index: number): string => `outage-${String(index).padStart(2, "0")}`;
const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };

const files = (value: string): Record<string, string> =>
  Object.fromEntries(indexes.flatMap((index) => Array.from({ length: OBJECTS }, (_, number) => [`${nameOf(index)}/config-${number}.yaml`, `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config-${number} }\ndata: { value: ${value} }\n`])));

/** The API server, etcd or both are killed while 50 applications are being synced, and come back. */
describe("an outage of the cluster in the middle of fifty syncs", () => {
  let stack: OwnStack;
  let api: Api;
  let client: KubeClient;
  let repository: Repository;
  let uids: Record<string, string>;

  beforeAll(async () => {
    stack = await startStack();
    api = await Api.signIn(stack);
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    repository = await Repository.create(stack, "outage", files("first"));
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    for (const index of indexes) {
      await api.must("POST", "/api/v1/applications", {
        metadata: { name: nameOf(index), namespace: "argocd" },
        spec: { project: "default", source: { repoURL: repository.url, path: nameOf(index), targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: nameOf(index) }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } },
      });
    }
    await all("compared", (app) => app.status?.sync?.status === "OutOfSync", 120_000);
    await Promise.all(indexes.map(sync));
    await all("synced for the first time", isSyncedAt(await repository.head()), 120_000);
    uids = await objects();
  }, 300_000);
  afterAll(async () => {
    await client?.close();
    await repository?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  }, 60_000);

  const outages = clusterKind === "real" ? [["kube-apiserver"], ["etcd"], ["etcd", "kube-apiserver"]] : [["cluster"]];

  test.each(outages.map((parts) => ({ parts, what: parts.join(" and ") })))("kill -9 of $what: no operation is lost, nothing is pruned, all are Synced", async ({ parts, what }) => {
    const commit = await repository.push(`before the end of ${what}`, files(parts.join("-")));
    await Promise.all(indexes.map((index) => api.must("GET", `/api/v1/applications/${nameOf(index)}?refresh=normal`)));
    await all("OutOfSync", (app) => app.status?.sync?.status === "OutOfSync" && app.status.sync.revision === commit, 120_000);
    const before = new Map((await list()).map((app) => [app.metadata.name as string, app.status.history.length as number]));

    const asked = indexes.map(async (index) => sync(index).then(() => true, () => false));
    await until("the first operations to end", list, (apps) => {
      const ended = apps.filter(isSyncedAt(commit)).length;
      return ended >= ENDED_BEFORE || { notYet: `${ended} have ended` };
    }, 120_000);
    await stack.kubernetes.kill(...parts);
    await pause(OUTAGE_MS);
    await stack.kubernetes.revive(...parts);

    // Whoever got no answer asks again, as a pipeline does.
    const accepted = await Promise.all(asked);
    for (const [index, yes] of accepted.entries()) if (!yes) await until(`the sync of ${nameOf(index)} to be accepted`, () => syncAgain(index), (done) => done || { notYet: "refused" }, 60_000);
    const apps = await all("Synced after the return", isSyncedAt(commit), RECOVERY_MS);

    expect(await objects()).toEqual(uids);
    for (const app of apps) {
      expect(app.status.operationState.operation.initiatedBy).toEqual({ username: "admin" });
      const history = app.status.history.slice(before.get(app.metadata.name)!).map((entry: { revision: string }) => entry.revision);
      // Who had to ask twice may have been heard twice.
      expect(new Set(history)).toEqual(new Set([commit]));
      if (accepted[indexes.findIndex((index) => nameOf(index) === app.metadata.name)]) expect(history).toHaveLength(1);
    }
    const values = (await client.list(CONFIG_MAP)).items.filter(isOurs).map((map) => (map["data"] as Record<string, string>)["value"]);
    expect(values).toEqual(Array.from({ length: APPLICATIONS * OBJECTS }, () => parts.join("-")));
  }, 480_000);

  async function list(): Promise<any[]> {
    return (await api.must("GET", "/api/v1/applications")).body.items;
  }

  function all(what: string, holds: (app: any) => boolean, timeoutMs: number): Promise<any[]> {
    return until(
      `${APPLICATIONS} applications to be ${what}`,
      list,
      (apps): Verdict => {
        const not = apps.filter((app) => !holds(app));
        return (apps.length === APPLICATIONS && not.length === 0) || { notYet: `${not.length} of ${apps.length} are not, such as ${told(not[0])}` };
      },
      timeoutMs,
    );
  }

  /** A wrong idea of what Git says would delete: the operation may prune. */
  async function sync(index: number): Promise<void> {
    await api.must("POST", `/api/v1/applications/${nameOf(index)}/sync`, { prune: true, dryRun: false, strategy: { hook: {} } });
  }

  /** "Another operation is already in progress" says that it had been heard. */
  async function syncAgain(index: number): Promise<boolean> {
    return sync(index).then(() => true, (error: Error) => error.message.includes("another operation is already in progress"));
  }

  async function objects(): Promise<Record<string, string>> {
    const { items } = await client.list(CONFIG_MAP);
    return Object.fromEntries(items.filter(isOurs).map(({ metadata }) => [`${metadata.namespace}/${metadata.name}`, metadata.uid!]));
  }
});

function isOurs(object: { metadata: { namespace?: string; name?: string } }): boolean {
  return object.metadata.namespace!.startsWith("outage-") && object.metadata.name!.startsWith("config-");
}

function isSyncedAt(commit: string): (app: any) => boolean {
  return ({ operation, status }) => operation === undefined && status?.sync?.status === "Synced" && status.sync.revision === commit && status.operationState?.phase === "Succeeded" && status.operationState.syncResult?.revision === commit;
}

function told(app: any): string {
  const { sync, operationState, conditions } = app?.status ?? {};
  return JSON.stringify({ name: app?.metadata?.name, pending: app?.operation !== undefined, sync: sync?.status, revision: sync?.revision?.slice(0, 7), phase: operationState?.phase, message: operationState?.message, conditions: conditions?.map((one: { message: string }) => one.message) });
}
