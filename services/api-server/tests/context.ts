import type { KubeObject } from "@trireme/api";
import type { CallContext, clusters, repository, Services } from "@trireme/rpc";
import { createLogger, ManualClock } from "@trireme/runtime";
import { encodeBase64 } from "@trireme/settings";
import { createLoginLimits } from "../src/auth/login-limits.ts";
import { createRevoked } from "../src/auth/revoked.ts";
import { createTokens } from "../src/auth/tokens.ts";
import { readConfig } from "../src/config.ts";
import type { Context } from "../src/context.ts";
import { createEvents } from "../src/events/events.ts";
import { bindRpcs } from "../src/handlers/rpc.ts";
import { RPCS } from "../src/handlers/table.ts";
import { createRolloutViews } from "../src/rollouts/views.ts";
import { createApplicationStore } from "../src/state/application-store.ts";
import { createDestinationClients } from "../src/state/destination-clients.ts";
import { createSettingsStore } from "../src/state/settings-store.ts";
import { memoryPlane } from "./memory-plane.ts";

/** bcrypt of `secret-password`, cost 4: tests need no strength. */
export const PASSWORD = "secret-password";
const PASSWORD_HASH = "$2b$04$ltS2cLbQclK/gtYPlphauutcY8jZf3hfAkVEogLk8qSDho5vgzBnu";

export interface World {
  ctx: Context;
  services: Services;
  plane: ReturnType<typeof memoryPlane>;
  clock: ManualClock;
  jobs: unknown[];
  tokenFor(account: string): Promise<string>;
  /** Calls an RPC as the account signs in; streams give what comes until they end or `take` is reached. */
  call(service: string, method: string, request?: unknown, options?: { token?: string; signal?: AbortSignal }): Promise<any>;
}

export interface WorldOptions {
  config?: Record<string, string>;
  rbac?: Record<string, string>;
  secret?: Record<string, string>;
  objects?: readonly KubeObject[];
  env?: Record<string, string>;
  repo?: Partial<repository.RepositoryClient> | undefined;
  controller?: Partial<clusters.ClustersClient> | undefined;
}

/** The whole service but for its sockets: real handlers, settings, policies and tokens over objects in memory. */
export function aWorld(options: WorldOptions = {}): World {
  const clock = new ManualClock();
  const plane = memoryPlane([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" }, data: { "accounts.ann": "login, apiKey", "accounts.bob": "login", ...options.config } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-rbac-cm" }, data: { ...options.rbac } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "argocd-secret" }, data: encoded({ "server.secretkey": "key-of-this-test", "admin.password": PASSWORD_HASH, ...options.secret }) },
    aProject("default"),
    ...(options.objects ?? []),
  ]);
  const log = createLogger({ service: "test", level: "fatal", destination: { write: () => undefined } });
  const config = readConfig({ ARGOCD_SERVER_INSECURE: "true", ...options.env });
  const settings = createSettingsStore({ namespace: "argocd", secrets: plane.secrets, configMaps: plane.configMaps, projects: plane.projects, log });
  const revoked = createRevoked(plane, clock);
  const tokens = createTokens({ clock, key: () => settings.current().serverSecretKey, account: (name) => settings.current().accounts.get(name), project: (name) => plane.projects.get("argocd", name), isRevoked: (id) => revoked.has(id) });
  const jobs: unknown[] = [];
  const controller = answering<clusters.ClustersClient>("controller", options.controller);
  const ctx: Context = {
    config,
    log,
    clock,
    namespace: "argocd",
    kube: plane.client,
    plane,
    settings,
    applications: createApplicationStore(plane.applications, { namespace: "argocd", others: config.applicationNamespaces }),
    auth: { tokens, enforcer: () => settings.enforcer(), anonymousEnabled: () => settings.current().anonymousEnabled, disableAuth: config.disableAuth },
    revoked,
    logins: createLoginLimits({ ...config.logins, clock }),
    signInPaddingMs: [0, 0],
    repo: answering<repository.RepositoryClient>("repo-server", options.repo),
    controllers: { of: () => controller, byShard: () => controller, shardOf: () => 0, shards: () => [0], [Symbol.dispose]: () => undefined },
    destinations: createDestinationClients(plane.client),
    rollouts: createRolloutViews(plane.client, { open: ({ kind }) => plane.cacheOf(kind) }),
    events: createEvents({ client: plane.client, clock, log }),
    queue: { add: async (kind, shard, job) => (jobs.push({ kind, shard, job }), true), addAll: async () => true, [Symbol.asyncDispose]: async () => undefined },
  };
  const services = bindRpcs(RPCS, ctx);
  return {
    ctx,
    services,
    plane,
    clock,
    jobs,
    tokenFor: (account) => tokens.issue(account.startsWith("proj:") ? account : `${account}:login`, 3600),
    async call(service, method, request = {}, { token, signal = new AbortController().signal } = {}) {
      const handler = services[service]?.[method] as ((request: unknown, call: CallContext) => unknown) | undefined;
      if (handler === undefined) throw new Error(`${service}/${method} is not served`);
      const call: CallContext = { signal, header: (name) => (name.toLowerCase() === "authorization" && token !== undefined ? `Bearer ${token}` : undefined), setHeader: () => undefined, peer: "test", method: `${service}/${method}`, door: "rest" };
      return handler(request, call);
    },
  };
}

export function encoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)]));
}

export function aProject(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name, namespace: "argocd" }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], clusterResourceWhitelist: [{ group: "*", kind: "*" }], ...spec } };
}

export function anApplication(name: string, more: { namespace?: string; spec?: Record<string, unknown>; metadata?: Record<string, unknown>; status?: unknown; operation?: unknown } = {}): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: more.namespace ?? "argocd", ...more.metadata },
    spec: { project: "default", source: { repoURL: "https://git.test/app.git", path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: "user01" }, ...more.spec },
    ...(more.status !== undefined && { status: more.status }),
    ...(more.operation !== undefined && { operation: more.operation }),
  };
}

/** A neighbour of which a test says only what it needs; the rest fails loudly. */
function answering<T extends object>(who: string, known: Partial<T> = {}): T {
  const unasked = new Proxy({}, { get: (_target, name) => (typeof name === "string" ? () => Promise.reject(new Error(`${who} was asked ${name}`)) : undefined) });
  return Object.assign(Object.create(unasked), known) as T;
}
