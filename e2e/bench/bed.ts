import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { Api } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { startStack, type ClusterKind, type OwnStack } from "../support/stack.ts";
import { Observer } from "./observer.ts";
import { REPOSITORY, repositoryFiles } from "./workload.ts";

export interface Options {
  cluster: ClusterKind;
  /** Applications in the one repository. */
  apps: number;
  /** Timed commits and drifts. */
  trials: number;
  /** Untimed ones before them. */
  warmUps: number;
  listed: number;
  /** Folder for a CPU profile of each service, written when it ends. */
  cpuProfiles?: string;
  say: (line: string) => void;
}

export interface Probed {
  /** Server-side applies over 16 connections. */
  appliesPerSecond: number;
  /** One merge PATCH after another, p50. */
  patchMs: number;
  /** One request that the Git server answers by starting Git, p50. */
  gitMs: number;
}

/** What every scenario stands on: the running product, its repository, and one process that pushes, calls and watches. */
export interface Bed extends AsyncDisposable {
  options: Options;
  /** What the probes have found in this run. */
  probed?: Probed;
  stack: OwnStack;
  client: KubeClient;
  api: Api;
  repository: Repository;
  applications: Observer;
  configMaps: Observer;
  /** Processes of the trio and Redis. */
  ownPids(): Record<string, number>;
}

export async function makeBed(options: Options): Promise<Bed> {
  await using made = new AsyncDisposableStack();
  const profiled = options.cpuProfiles === undefined ? undefined : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${options.cpuProfiles}` };
  const stack = made.use(await startStack({ cluster: options.cluster, ...(profiled && { environment: { "api-server": profiled, "repo-server": profiled, "application-controller": profiled } }) }));
  const client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  made.defer(() => client.close());
  const repository = made.use(await Repository.create(stack, REPOSITORY, repositoryFiles(options.apps)));
  const api = await Api.signIn(stack);
  await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
  const applications = made.use(await Observer.start(client, { group: "argoproj.io", version: "v1alpha1", kind: "Application" }, "argocd"));
  const configMaps = made.use(await Observer.start(client, { group: "", version: "v1", kind: "ConfigMap" }));
  const parts = made.move();
  const { processes } = stack.trio;
  return {
    options,
    stack,
    client,
    api,
    repository,
    applications,
    configMaps,
    ownPids: () => Object.fromEntries((["api-server", "repo-server", "application-controller", "redis"] as const).flatMap((name) => (processes[name]?.pid === undefined ? [] : [[name, processes[name].pid]]))),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
