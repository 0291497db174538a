import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type RefSnapshot } from "@trireme/git";
import { createTestRepository, type Files, startTestGitServer, type TestGitServer, type TestGitServerOptions, type TestRepository } from "@trireme/git/testing";
import { createClient, type Input, repository as rpc } from "@trireme/rpc";
import { createLogger, createMetrics, generateKeysText, parseKeys } from "@trireme/runtime";
import { readConfig } from "../src/config.ts";
import { type Context, createContext } from "../src/context.ts";
import { createEvents } from "../src/events.ts";
import { startRepoServer } from "../src/server.ts";

export interface Rendered {
  header: rpc.RenderHeader;
  objects: (Omit<rpc.RenderedObject, "json"> & { json: any })[];
}

/** A repo-server over gRPC with a Git server of its own; every part is real. */
export interface Setup extends AsyncDisposable {
  repository: TestRepository;
  git: TestGitServer;
  client: rpc.RepositoryClient;
  ctx: Context;
  url: string;
  access: Input<rpc.RepositoryAccess>;
  /** Commands that were started. */
  forks: string[];
  commit(files: Files, message?: string): string;
  render(source: Record<string, unknown>, request?: Input<rpc.RenderRequest>): Promise<Rendered>;
  /** Value of a counter, all labels together. */
  count(metric: string): Promise<number>;
  /** A new server on the same data folder. */
  restart(): Promise<void>;
}

export const KEYS = parseKeys(generateKeysText(), "keys");
export type { RefSnapshot };

export async function setUp(options: { env?: Record<string, string>; git?: Partial<TestGitServerOptions>; access?: Input<rpc.RepositoryAccess> } = {}): Promise<Setup> {
  const repository = createTestRepository();
  const git = await startTestGitServer({ root: repository.root, ...options.git });
  const data = mkdtempSync(path.join(tmpdir(), "trireme-repo-server-"));
  const url = `${git.url}/app.git`;
  const forks: string[] = [];
  const start = async () => {
    const env = { TRIREME_REPO_SERVER_DATA: data, TRIREME_REPO_SERVER_LISTEN_ADDRESS: "127.0.0.1:0", TRIREME_PROBES_ADDRESS: "127.0.0.1:0", ARGOCD_GIT_REQUEST_TIMEOUT: "2s", ...options.env };
    const config = { ...readConfig(env), keys: KEYS };
    const log = createLogger({ service: "repo-server", level: process.env["TEST_LOG"] ?? "fatal" });
    const events = createEvents(log, createMetrics());
    const ctx = createContext(config, { log, events: { ...events, forked: (command) => (forks.push(command), events.forked(command)) } });
    const server = await startRepoServer(config, ctx);
    const client = createClient<rpc.RepositoryClient>(rpc.REPOSITORY_SERVICE, server.address, { deadlineMs: 30_000 });
    return { ctx, server, client };
  };
  let running = await start();
  const stop = async (): Promise<void> => {
    running.client[Symbol.dispose]();
    await running.server[Symbol.asyncDispose]();
  };
  const access = { url, ...options.access };
  return {
    repository,
    git,
    url,
    access,
    forks,
    get client() {
      return running.client;
    },
    get ctx() {
      return running.ctx;
    },
    commit: (files, message) => repository.commit(files, message),
    async render(source, request = {}) {
      const sources = [{ repository: access, sourceJson: Buffer.from(JSON.stringify({ repoURL: url, targetRevision: "main", ...source })) }];
      const rendered: Rendered = { header: undefined as never, objects: [] };
      for await (const part of running.client.render({ appName: "hello", instanceName: "hello", appNamespace: "argocd", project: "default", destinationNamespace: "user01", sources, noRevisionCache: true, ...request })) {
        if (part.header) rendered.header = part.header;
        for (const object of part.objects?.objects ?? []) rendered.objects.push({ ...object, json: JSON.parse(object.json.toString()) });
      }
      return rendered;
    },
    async count(metric) {
      const value = await running.ctx.events.metrics.registry.getSingleMetric(metric)!.get();
      return value.values.reduce((sum, one) => sum + one.value, 0);
    },
    async restart() {
      await stop();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await git[Symbol.asyncDispose]();
      repository[Symbol.dispose]();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export function configMap(name: string, data: Record<string, string> = { key: "value" }): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${Object.entries(data).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`).join("")}`;
}
