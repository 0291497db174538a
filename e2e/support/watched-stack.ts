import path from "node:path";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { proxyKubeconfig, startProxy, type Proxy } from "./proxy.ts";
import { startStack, type OwnStack } from "./stack.ts";

const JOB = { group: "batch", version: "v1", kind: "Job" };

export interface WatchedStack extends AsyncDisposable {
  stack: OwnStack;
  /** What the application-controller sends to Kubernetes. */
  kube: Proxy;
  /** What is sent to Git by whoever uses this address instead of the stack's. */
  git: Proxy;
  /** The administrator's client, which nobody counts. */
  client: KubeClient;
}

/** A product of its own for one test file, whose controller can be watched, slowed down and killed at each of its requests. */
export async function startWatchedStack(options: Parameters<typeof startStack>[0] = {}): Promise<WatchedStack> {
  await using starting = new AsyncDisposableStack();
  const stack = starting.use(await startStack(options));
  const kubeconfig = path.join(path.dirname(stack.logs), "controller-kubeconfig");
  const kube = starting.use(await proxyKubeconfig(stack.kubeconfig, kubeconfig));
  const git = starting.use(await startProxy({ url: stack.git.url }));
  const client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  starting.defer(() => client.close());
  const controller = stack.trio.processes["application-controller"];
  await controller.restart({ env: { KUBECONFIG: kubeconfig } });
  await controller.waitReady();
  const running = starting.move();
  return { stack, kube, git, client, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The uids of the Jobs that ever appear in a namespace from now on, by name: a hook that ran twice has two. */
export async function jobsIn(client: KubeClient, namespace: string): Promise<{ jobs: ReadonlyMap<string, ReadonlySet<string>>; stopWatching: () => void }> {
  const jobs = new Map<string, Set<string>>();
  const watching = new AbortController();
  const { metadata } = await client.list(JOB, { namespace });
  void (async () => {
    for await (const event of client.watch(JOB, { namespace, resourceVersion: metadata.resourceVersion!, signal: watching.signal })) {
      if (event.type === "ADDED") jobs.set(event.object.metadata.name!, (jobs.get(event.object.metadata.name!) ?? new Set()).add(event.object.metadata.uid!));
    }
  })().catch(() => undefined);
  return { jobs, stopWatching: () => watching.abort() };
}
