import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { createProducer } from "@trireme/queue";
import { createClient, createPublicServer, repository } from "@trireme/rpc";
import { createLogger, createMetrics, startProbes, systemClock, type Clock, type Logger } from "@trireme/runtime";
import { ensureInstallation } from "./auth/bootstrap.ts";
import { createLoginLimits } from "./auth/login-limits.ts";
import { createRevoked } from "./auth/revoked.ts";
import { createTokens } from "./auth/tokens.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { createEvents } from "./events/events.ts";
import { observeCalls } from "./observe.ts";
import { bindRpcs } from "./handlers/rpc.ts";
import { RPCS } from "./handlers/table.ts";
import { applicationsPerCluster } from "./handlers/cluster/service.ts";
import { createHttp } from "./http.ts";
import { createRolloutViews } from "./rollouts/views.ts";
import { createApplicationStore } from "./state/application-store.ts";
import { openControlPlane } from "./state/control-plane.ts";
import { createControllers } from "./state/controllers.ts";
import { createDestinationClients } from "./state/destination-clients.ts";
import { createSettingsStore } from "./state/settings-store.ts";
import { startInternalTrust } from "./tls/internal-trust.ts";
import { followCertificate, publicCertificate } from "./tls/public-certificate.ts";

const SYNC_MS = 60_000;

export interface ApiServer extends AsyncDisposable {
  url: string;
  probes: string;
}

export interface Parts {
  log?: Logger;
  clock?: Clock;
  /** Shortest and longest time of a sign-in; tests make it nothing. */
  signInPaddingMs?: readonly [number, number];
}

/** Starts the public service: caches first, then what an installation needs once, then the door. */
export async function startApiServer(config: Config, parts: Parts = {}, signal: AbortSignal = new AbortController().signal): Promise<ApiServer> {
  const log = parts.log ?? createLogger({ service: "api-server", ...config.log });
  const clock = parts.clock ?? systemClock;
  const metrics = createMetrics({ processMetrics: true });
  await using stack = new AsyncDisposableStack();
  const probes = stack.use(await startProbes({ ...config.probes, metrics }));

  const connection = await loadKubeconfig(config.kubeconfig);
  const kube = createKubeClient({ connection, userAgent: "trireme-api-server" });
  stack.defer(() => kube.close());
  const namespace = config.namespace ?? connection.namespace ?? "argocd";
  const started = AbortSignal.any([signal, AbortSignal.timeout(SYNC_MS)]);
  const plane = stack.use(await openControlPlane({ client: kube, namespace: namespace === "default" && config.namespace === undefined ? "argocd" : namespace, everyNamespace: config.applicationNamespaces.length > 0, signal: started }));
  await ensureInstallation(plane, { clock, log, signal: started });
  const trust = config.makeTrust ? stack.use(await startInternalTrust(plane, { clock, log, signal: started })) : undefined;
  const internalTls = trust?.tls ?? config.internalTls;

  const settings = createSettingsStore({ namespace: plane.namespace, secrets: plane.secrets, configMaps: plane.configMaps, projects: plane.projects, log });
  const revoked = createRevoked(plane, clock);
  const tokens = createTokens({ clock, key: () => settings.current().serverSecretKey, account: (name) => settings.current().accounts.get(name), project: (name) => plane.projects.get(plane.namespace, name), isRevoked: (id) => revoked.has(id) });
  const applications = createApplicationStore(plane.applications, { namespace: plane.namespace, others: config.applicationNamespaces });
  const destinations = createDestinationClients(kube);
  stack.defer(() => destinations.close());
  const repo = stack.use(createClient<repository.RepositoryClient>(repository.REPOSITORY_SERVICE, config.repoServer, internalTls ? { tls: internalTls, peer: "repo-server", deadlineMs: 90_000 } : { deadlineMs: 90_000 }));
  const queue = config.redis === undefined ? undefined : stack.use(createProducer({ redis: config.redis, log }));
  const events = createEvents({ client: kube, clock, log });
  stack.defer(() => events.flush());

  const ctx: Context = {
    config,
    log,
    clock,
    namespace: plane.namespace,
    kube,
    plane,
    settings,
    applications,
    auth: { tokens, enforcer: () => settings.enforcer(), anonymousEnabled: () => settings.current().anonymousEnabled, disableAuth: config.disableAuth },
    revoked,
    logins: createLoginLimits({ ...config.logins, clock }),
    signInPaddingMs: parts.signInPaddingMs ?? [500, 1000],
    repo,
    controllers: stack.use(
      createControllers({ address: config.controller, replicas: config.controllerReplicas, algorithm: config.shardingAlgorithm, tls: internalTls, leases: plane.leases, settings: () => settings.current(), applicationsPerCluster: () => applicationsPerCluster(ctx) }),
    ),
    destinations,
    rollouts: stack.use(createRolloutViews(kube)),
    events,
    queue,
  };

  let ready = false;
  const http = await createHttp(ctx, () => ready && plane.applications.synced);
  stack.defer(async () => {
    await http.close();
  });
  const certificate = config.insecure ? undefined : await publicCertificate(ctx, started);
  const server = stack.use(
    await createPublicServer({
      services: bindRpcs(RPCS, ctx),
      http,
      listen: config.listen,
      ...(certificate && { tls: certificate }),
      around: observeCalls(log, metrics),
      rootPath: config.rootPath,
      // The rollouts dashboard's own root, below which its clients ask.
      apiRoots: ["rollouts"],
      contentTypes: config.contentTypes,
      gzip: config.gzip,
    }),
  );
  if (certificate !== undefined) stack.defer(followCertificate(ctx, certificate, (changed) => server.setCertificate(changed)));
  ready = true;
  probes.setReady(true);
  log.info({ url: server.url, namespace: plane.namespace, insecure: config.insecure }, "serving");

  const owned = stack.move();
  return {
    url: server.url,
    probes: probes.url,
    async [Symbol.asyncDispose]() {
      ready = false;
      probes.setReady(false, "stopping");
      server.setServing(false);
      await owned.disposeAsync();
    },
  };
}
