import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Git } from "@trireme/git";
import { type Cache, createCache } from "@trireme/queue";
import { createLogger, type Logger } from "@trireme/runtime";
import { LayeredStore } from "./cache/layered-store.ts";
import { RenderCache } from "./cache/render-cache.ts";
import type { Config } from "./config.ts";
import { createEvents, type Events } from "./events.ts";
import { ParsedFiles } from "./render/parsed-files.ts";
import type { RenderDeps } from "./render/render-source.ts";
import { ChartIndexes, ChartStore } from "./source/chart-store.ts";
import { OciRegistry } from "./source/oci-registry.ts";
import { createBinaryIdentity, findBinary } from "./tools/binaries.ts";
import { createToolRunner } from "./tools/run-tool.ts";

/** What the service's code may reach. */
export interface Context extends RenderDeps, AsyncDisposable {
  config: Config;
  log: Logger;
  events: Events;
  git: Git;
  store: LayeredStore;
  chartIndexes: ChartIndexes;
  charts: ChartStore;
  registry: OciRegistry;
}

/** Each of the caches in memory: sets and inputs, parsed files, Git's objects. */
const MEMORY_BYTES = 32 * 1024 * 1024;
/** Longest that stopping waits for the cache's writes. */
const FLUSH_MS = 2000;

export function createContext(config: Config, overrides: Partial<Pick<Context, "log" | "events">> = {}): Context {
  const log = overrides.log ?? createLogger({ service: "repo-server", level: config.logLevel, format: config.logFormat });
  const events = overrides.events ?? createEvents(log);
  const redis: Cache | undefined = config.redis !== undefined && config.keys !== undefined ? createCache({ redis: config.redis, keys: config.keys, log }) : undefined;
  const git = new Git({
    root: path.join(config.dataFolder, "git"),
    requestTimeoutMs: config.gitRequestTimeoutMs,
    fetchTimeoutMs: config.gitFetchTimeoutMs,
    maxPackBytes: config.maxPackBytes,
    maxStoreBytes: config.maxStoreBytes,
    cacheBytes: MEMORY_BYTES,
    onRequest: (event) => events.gitRequest(event),
    onFork: (command) => events.forked(command),
  });
  const store = new LayeredStore({
    folder: path.join(config.dataFolder, "cache"),
    ...(config.keys && { keys: config.keys }),
    ...(redis && { redis }),
    ttlMs: config.renderCacheMs,
    maxDiskBytes: config.renderCacheBytes,
    maxMemoryBytes: MEMORY_BYTES,
    log,
  });
  const closing = new AbortController();
  // What a killed process left behind.
  rmSync(path.join(config.dataFolder, "work"), { recursive: true, force: true });
  return {
    config,
    log,
    events,
    git,
    store,
    chartIndexes: new ChartIndexes(config.gitRequestTimeoutMs),
    charts: new ChartStore(store),
    registry: new OciRegistry(config.gitRequestTimeoutMs),
    cache: new RenderCache(store),
    files: new ParsedFiles(MEMORY_BYTES, () => events.parsed()),
    inFlight: new Map(),
    runTool: createToolRunner({ ...config.exec, parallelism: config.exec.parallelism || 2 * availableParallelism() }, (command) => events.forked(command), closing.signal),
    binaries: { ...config.binaries, kustomize: findBinary(config.binaries.kustomize) === undefined && findBinary("kubectl") !== undefined ? "kubectl" : config.binaries.kustomize, helm3: findBinary(config.binaries.helm3) ?? "" },
    binaryIdentity: createBinaryIdentity(),
    workFolder: path.join(config.dataFolder, "work"),
    signedIn: (access) => git.signedIn(access),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the server stops"));
      await Promise.race([store.flush(), pause(FLUSH_MS, undefined, { ref: false })]);
      await git[Symbol.asyncDispose]();
      await redis?.[Symbol.asyncDispose]();
    },
  };
}
