import { createInternalServer } from "@trireme/rpc";
import { lease } from "@trireme/kube";
import { consume } from "@trireme/queue";
import { asAppError, rfc3339, startProbes } from "@trireme/runtime";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { createOwnership } from "./clusters/ownership.ts";
import { clusterRegistry } from "./clusters/registry.ts";
import { withoutArgoCd } from "./control-plane/argo-cd.ts";
import { openControlPlane } from "./control-plane/objects.ts";
import { createAnalysis, type Analysis } from "./analysis/reconciler.ts";
import { createReconciler, type Reconciler } from "./applications/reconciler.ts";
import { createRollouts, type Rollouts } from "./rollouts/reconciler.ts";
import { schemaStore, type Deps } from "./deps.ts";
import { eventRecorder } from "./events.ts";
import { finishProjects } from "./projects/finish.ts";
import { clustersService } from "./grpc/clusters-service.ts";
import { controllerMetrics, workMetrics } from "./metrics.ts";
import { openReleaseStore } from "./releases/store.ts";

export interface ApplicationController extends AsyncDisposable {
  /** `host:port` of the gRPC server. */
  address: string;
  /** Probes and metrics. */
  probes: string;
  reconciler: Reconciler;
}

/** Starts reconciling: control-plane objects first, then the shard, then the doors. Ready when the shard is held and everything is listed. */
export async function startApplicationController(config: Config, ctx: Context, signal?: AbortSignal): Promise<ApplicationController> {
  const { log } = ctx;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => ctx.close());
  const probes = stack.use(await startProbes({ ...config.probes, metrics: ctx.metrics }));
  probes.setReady(false, "listing applications and settings");

  const plane = stack.use(await openControlPlane({ client: ctx.control, namespace: config.namespace, applicationNamespaces: config.applicationNamespaces, log, ...(signal && { signal }) }));
  const releaseStore = stack.use(await openReleaseStore({ client: ctx.control, namespace: config.applicationNamespaces.length > 0 ? undefined : config.namespace, sealing: ctx.sealing, log, ...(signal && { signal }) }));
  const events = stack.use(eventRecorder({ client: ctx.control, enabled: config.events, now: () => rfc3339(ctx.clock.now()), log }));
  let reconciler: Reconciler | undefined;
  let rollouts: Rollouts | undefined;
  let analysis: Analysis | undefined;
  const clusters = stack.use(
    clusterRegistry({
      control: ctx.control,
      answered: (event) => ctx.answered(event),
      settings: () => plane.settings(),
      tracking: () => plane.settings().tracking,
      redact: ctx.redact,
      onEvent: (event) => {
        reconciler?.onLiveEvent(event);
        rollouts?.onLiveEvent(event);
        analysis?.onLiveEvent(event);
      },
      onState: (cluster) => reconciler?.onClusterState(cluster),
      syncTimeoutMs: config.clusterSyncTimeoutMs,
      log,
    }),
  );
  const ownership = createOwnership({ config, ctx, plane, clusters });
  const deps: Deps = { config, ctx, plane, clusters, ownership, events, releases: releaseStore, schemas: schemaStore(), work: workMetrics(ctx.metrics), busy: () => reconciler?.executor.busy ?? 0 };
  const made = (reconciler = createReconciler(deps));
  const rolloutReconciler = (rollouts = createRollouts(deps));
  plane.onSettings(() => ctx.wheel.setNoLater("rollouts:settings", ctx.clock.now() + 100, () => rolloutReconciler.onSettings()));
  const measuring = (analysis = createAnalysis(deps));
  plane.onSettings(() => ctx.wheel.setNoLater("analysis:settings", ctx.clock.now() + 100, () => measuring.onSettings()));
  ownership.onMoved(() => {
    rolloutReconciler.onSettings();
    measuring.onSettings();
  });
  controllerMetrics(deps, made);

  const server = stack.use(await createInternalServer({ services: clustersService(deps, made), listen: config.listen, ...(config.tls && { tls: config.tls }) }));
  let stopping = false;
  probes.setReady(false, `waiting for shard ${config.shard}`);
  const shard = stack.use(
    lease(ctx.control, {
      namespace: config.namespace,
      name: `trireme-shard-${config.shard}`,
      identity: config.replicaName,
      labels: { "app.kubernetes.io/part-of": "argocd" },
      onLost: (why) => {
        if (stopping) return;
        log.error({ shard: config.shard, why }, "shard lost");
        // Somebody else may be working on it: the supervisor starts this process anew, without anything in flight.
        process.kill(process.pid, "SIGTERM");
      },
    }),
  );
  // Before the shard is given back, nothing of it is being worked on any more.
  stack.defer(() => made.stop());
  stack.defer(() => rolloutReconciler.stop());
  stack.defer(() => measuring.stop());
  stack.defer(() => {
    stopping = true;
    probes.setReady(false, "stopping");
  });
  await shard.acquired(signal);
  log.info({ shard: config.shard, applications: plane.apps().length }, "shard held");
  await withoutArgoCd({
    client: ctx.control,
    namespace: config.namespace,
    takeover: config.takeover,
    log,
    waiting: (why) => probes.setReady(false, why),
    pause: (ms) => new Promise((resolve) => ctx.clock.at(ctx.clock.now() + ms, resolve)),
    ...(signal && { signal }),
  });
  stack.use(finishProjects(deps));
  made.start();
  rolloutReconciler.start();
  measuring.start();
  if (ctx.redis !== undefined) {
    stack.use(
      consume({
        redis: ctx.redis,
        shard: config.shard,
        log,
        ...(config.redis?.prefix !== undefined && { prefix: config.redis.prefix }),
        handlers: {
          sync: async ({ namespace, name, uid }) => {
            const app = plane.app(namespace, name);
            if (app !== undefined && app.metadata.uid === uid) made.wakeApp(app, { level: 0 });
          },
          analysis: (job) => measuring.take(job),
          refresh: async (job) => {
            await made.polls.refresh(job).catch((error: unknown) => {
              log.warn({ repository: job.repoURL, ref: job.ref, error: asAppError(error).message }, "refresh failed");
            });
          },
        },
      }),
    );
  }
  probes.setReady(true);
  const owned = stack.move();
  return { address: server.address, probes: probes.url, reconciler: made, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
