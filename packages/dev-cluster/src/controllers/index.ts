import type { KubeClient } from "@trireme/kube";
import { eventRecorder, type EventRecorder } from "../loop/events.ts";
import { asManager } from "../loop/field-manager.ts";
import { Informers } from "../loop/informers.ts";
import { contextOf } from "./context.ts";
import { startCronJobs } from "./cron-job/index.ts";
import { startDaemonSets } from "./daemon-set.ts";
import { startDeployments } from "./deployment/index.ts";
import { startEndpointSlices } from "./endpoint-slices.ts";
import { startEndpoints } from "./endpoints.ts";
import { startGarbageCollector } from "./garbage/collector.ts";
import { OwnershipGraph } from "./garbage/graph.ts";
import { startJobs } from "./job/index.ts";
import { startNamespaces } from "./namespaces.ts";
import { startNodeTaints } from "./node-taints.ts";
import { startReplicaSets } from "./replica-set.ts";
import { startResourceQuotas } from "./resource-quotas.ts";
import { startServiceAccounts } from "./service-accounts.ts";
import { startStorageProtection } from "./storage-protection.ts";
import { startStatefulSets } from "./stateful-set/index.ts";

export interface ControllersOptions {
  /** PEM of the certificate authority that pods trust; absent: no `kube-root-ca.crt` ConfigMaps. */
  rootCA?: string;
  /** First pause before a failed pod of a Job is replaced, doubled each time. Default 10 s. */
  jobBackoffMs?: number;
  /** Write Events. Default true. */
  events?: boolean;
  /** Milliseconds since the epoch. */
  now?: () => number;
  onError?: (what: string, error: Error) => void;
}

/**
 * What kube-controller-manager does on a real control plane, as far as the dev cluster's users see it.
 * Needs a client with all rights. Resolves when every controller knows its objects and works.
 */
export async function startControllers(given: KubeClient, options: ControllersOptions = {}): Promise<AsyncDisposable> {
  const client = asManager(given, "kube-controller-manager");
  await using stack = new AsyncDisposableStack();
  const recorders = new Map<string, EventRecorder>();
  const events = (component: string) => {
    const recorder = recorders.get(component) ?? eventRecorder(client, component, options.events);
    recorders.set(component, recorder);
    return recorder;
  };
  const informers = stack.use(new Informers(client));
  const graph = stack.use(new OwnershipGraph(client));
  const ctx = contextOf({ client, informers, events, now: options.now ?? Date.now, ...(options.onError && { onError: options.onError }) });
  const controllers = [
    startServiceAccounts(ctx, { rootCA: options.rootCA }),
    startNodeTaints(ctx),
    startReplicaSets(ctx),
    startDeployments(ctx),
    startStatefulSets(ctx),
    startDaemonSets(ctx),
    startJobs(ctx, { backoffMs: options.jobBackoffMs ?? 10_000 }),
    startCronJobs(ctx),
    startEndpoints(ctx),
    startEndpointSlices(ctx),
    ...startStorageProtection(ctx),
    startResourceQuotas(ctx),
    startNamespaces(ctx, graph),
    startGarbageCollector(ctx, graph),
  ].map((controller) => stack.use(controller));
  await Promise.all([informers.synced(), graph.start()]);
  for (const controller of controllers) controller.start();
  const running = stack.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
}
