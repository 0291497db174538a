import path from "node:path";
import { Git } from "@trireme/git";
import { type Cache, createCache } from "@trireme/queue";
import { createLogger, type Logger } from "@trireme/runtime";
import { LayeredStore } from "./cache/layered-store.ts";
import { RenderCache } from "./cache/render-cache.ts";
import type { Config } from "./config.ts";
import { createEvents, type Events } from "./events.ts";
import { ParsedFiles } from "./render/parsed-files.ts";
import type { SourceRender } from "./render/render-source.ts";

/** What the service's code may reach. */
export interface Context extends AsyncDisposable {
  config: Config;
  log: Logger;
  events: Events;
  git: Git;
  cache: RenderCache;
  store: LayeredStore;
  files: ParsedFiles;
  inFlight: Map<string, Promise<SourceRender>>;
}

const MEMORY_BYTES = 64 * 1024 * 1024;

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
  return {
    config,
    log,
    events,
    git,
    store,
    cache: new RenderCache(store),
    files: new ParsedFiles(MEMORY_BYTES, () => events.parsed()),
    inFlight: new Map(),
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await redis?.[Symbol.asyncDispose]();
    },
  };
}
