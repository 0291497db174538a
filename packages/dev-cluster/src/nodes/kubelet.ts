import type { KubeObject } from "@trireme/api";
import { isNotFound, type KubeClient, type WatchCache } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime/errors";
import { isDeepStrictEqual } from "node:util";
import type { EventRecorder } from "../loop/events.ts";
import { isOver, type Pod } from "../loop/pods.ts";
import { workQueue, type WorkQueue } from "../loop/work-queue.ts";
import type { Container } from "./container.ts";
import { executionIn } from "./exec/execution.ts";
import type { Execution, PodExec, PodExecRequest } from "./exec/pod-exec.ts";
import type { NodesOptions } from "./options.ts";
import type { PodLogRequest, PodLogs } from "./pod-logs.ts";
import { podStatus } from "./pod-status.ts";
import { PodWorker } from "./pod-worker.ts";
import type { Requirements } from "./requirements.ts";

export const POD = { group: "", version: "v1", kind: "Pod" };

export interface KubeletOptions {
  client: KubeClient;
  pods: WatchCache<Pod>;
  requirements: Requirements;
  events: EventRecorder;
  /** Address of each node that is ours. */
  nodeAddress: (nodeName: string) => string | undefined;
  settings: Required<Pick<NodesOptions, "brokenImages" | "startMs" | "readyMs" | "backoffMs">>;
  onError?: (what: string, error: Error) => void;
}

/** The kubelets of all simulated nodes: pods bound to them run, and their status says how. */
export class Kubelet implements PodLogs, PodExec, AsyncDisposable {
  readonly #options: KubeletOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #queue: WorkQueue;
  readonly #usedIPs = new Set<string>();
  #nextIP = 2;

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#queue = workQueue({ name: "kubelet", workers: 32, visit: (key, signal) => this.#visit(key, signal), ...(options.onError && { onError: options.onError }) });
    options.pods.on(({ object }) => this.#queue.add(keyOf(object)));
    options.requirements.onChange((namespace) => {
      for (const pod of options.pods.list()) if (pod.metadata.namespace === namespace && pod.status?.phase === "Pending") this.#queue.add(keyOf(pod));
    });
  }

  /** Call once the caches are known: pods that run already are taken over. */
  start(): void {
    for (const pod of this.#options.pods.list()) {
      if (pod.status?.["podIP"]) this.#usedIPs.add(pod.status["podIP"]);
      this.#queue.add(keyOf(pod));
    }
  }

  async *podLogs(request: PodLogRequest): AsyncGenerator<string> {
    const container = this.#containerOf(request);
    const buffer = request.previous ? container.previousLog : container.log;
    if (!buffer) throw new AppError(`previous terminated container "${request.container}" in pod "${request.pod}" not found`, { reason: "BadRequest", code: Code.InvalidArgument, retry: "never" });
    const since = request.sinceSeconds !== undefined ? Date.now() - request.sinceSeconds * 1000 : request.sinceTime !== undefined ? Date.parse(request.sinceTime) : -Infinity;
    const present = buffer.entries();
    const skip = request.tailLines !== undefined ? Math.max(0, present.length - request.tailLines) : 0;
    let left = request.limitBytes ?? Infinity;
    for await (const { at, text } of buffer.read({ skip, follow: request.follow ?? false, ...(request.signal && { signal: request.signal }) })) {
      if (at < since) continue;
      const line = `${request.timestamps ? `${new Date(at).toISOString().replace("Z", "000000Z")} ` : ""}${text}\n`;
      if (left < line.length) {
        if (left > 0) yield line.slice(0, left);
        return;
      }
      left -= line.length;
      yield line;
    }
  }

  podExec(request: PodExecRequest): Execution {
    const pod = this.#options.pods.get(request.namespace, request.pod);
    if (!pod || this.#options.nodeAddress(pod.spec["nodeName"] ?? "") === undefined) throw new AppError("pod does not exist", { reason: "NotFound", code: Code.NotFound, retry: "later" });
    const worker = this.#workers.get(keyOf(pod));
    return executionIn(this.#options.client, pod, worker?.uid === pod.metadata.uid ? worker : undefined, request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue[Symbol.asyncDispose]();
    for (const worker of this.#workers.values()) worker.dispose();
    this.#workers.clear();
  }

  #containerOf(request: PodLogRequest): Container {
    const worker = this.#workers.get(`${request.namespace}/${request.pod}`);
    const container = worker?.find(request.container);
    if (!worker) throw new AppError(`pod "${request.pod}" runs on no node of this cluster`, { reason: "NotFound", code: Code.NotFound, retry: "later" });
    if (!container) throw new AppError(`container ${request.container} is not valid for pod ${request.pod}`, { reason: "BadRequest", code: Code.InvalidArgument, retry: "never" });
    if (container.state.in === "waiting" && !container.last && !request.previous) {
      const { reason } = container.state;
      const why = reason === "ErrImagePull" || reason === "ImagePullBackOff" ? "trying and failing to pull image" : reason;
      throw new AppError(`container "${request.container}" in pod "${request.pod}" is waiting to start: ${why}`, { reason: "BadRequest", code: Code.InvalidArgument, retry: "later" });
    }
    return container;
  }

  async #visit(key: string, signal: AbortSignal): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const pod = this.#options.pods.get(namespace, name);
    const worker = this.#workers.get(key);
    if (worker && worker.uid !== pod?.metadata.uid) this.#forget(key, worker);
    const hostIP = pod && this.#options.nodeAddress(pod.spec["nodeName"] ?? "");
    if (!pod || hostIP === undefined) return;

    if (pod.metadata.deletionTimestamp) return this.#terminate(key, pod, hostIP, signal);
    if (isOver(pod) && !this.#workers.has(key)) return;
    const mine = this.#workers.get(key) ?? this.#begin(key, pod);
    const before = statesOf(mine);
    mine.advance(pod);
    if (mine.mountProblem !== undefined) this.#options.events.record(pod, "Warning", "FailedMount", mine.mountProblem);
    this.#tell(pod, mine, before);
    await this.#write(pod, mine, hostIP, signal);
  }

  #begin(key: string, pod: Pod): PodWorker {
    const { settings, requirements } = this.#options;
    const worker = new PodWorker(pod, pod.status?.["podIP"] ?? this.#freeIP(), { nodes: settings, missing: (of, container) => requirements.missing(of, container), unmountable: (of) => requirements.unmountable(of), changed: () => this.#queue.add(key) });
    this.#workers.set(key, worker);
    return worker;
  }

  /** The containers end at once; then the object itself may go. Those with finalizers get their last status first. */
  async #terminate(key: string, pod: Pod, hostIP: string, signal: AbortSignal): Promise<void> {
    const worker = this.#workers.get(key) ?? (isOver(pod) ? undefined : this.#begin(key, pod));
    if (worker && worker.containers.some(({ state }) => state.in === "running")) {
      this.#options.events.record(pod, "Normal", "Killing", `Stopping container ${worker.containers.map((container) => container.name).join(", ")}`);
      worker.stop();
    }
    if (worker && pod.metadata.finalizers?.length && !isOver(pod)) {
      const status = podStatus(pod, worker, hostIP, Date.now());
      const over = worker.containers.every((container) => container.options.role !== "main" || container.succeeded) ? "Succeeded" : "Failed";
      await this.#patch(pod, { ...status, phase: over }, signal);
    }
    // Once it is zero, the API server has been told; what remains waits for finalizers.
    if (pod.metadata.deletionGracePeriodSeconds === 0 && pod.metadata.finalizers?.length) return;
    try {
      await this.#options.client.delete({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid! }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  async #write(pod: Pod, worker: PodWorker, hostIP: string, signal: AbortSignal): Promise<void> {
    const status = podStatus(pod, worker, hostIP, Date.now());
    const now = pod.status ?? {};
    if (Object.entries(status).every(([field, value]) => isDeepStrictEqual(now[field] ?? null, value))) return;
    await this.#patch(pod, status, signal);
  }

  async #patch(pod: Pod, status: Record<string, any>, signal: AbortSignal): Promise<void> {
    const { client, pods } = this.#options;
    // The uid makes a namesake that came meanwhile refuse it.
    const body = { metadata: { uid: pod.metadata.uid }, status };
    pods.observe(await client.patch<Pod>({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, "merge", body, { subresource: "status", fieldManager: "kubelet", signal }));
  }

  #forget(key: string, worker: PodWorker): void {
    worker.dispose();
    this.#usedIPs.delete(worker.podIP);
    this.#workers.delete(key);
  }

  /** 10.244.0.0/16, as most networks for pods. */
  #freeIP(): string {
    for (let tried = 0; tried < 65_000; tried++) {
      const n = this.#nextIP;
      this.#nextIP = n >= 65_000 ? 2 : n + 1;
      const ip = `10.244.${n >> 8}.${n & 255}`;
      if ((n & 255) === 0 || (n & 255) === 255 || this.#usedIPs.has(ip)) continue;
      this.#usedIPs.add(ip);
      return ip;
    }
    throw new AppError("all 65,000 pod addresses are in use", { reason: "NoPodAddress", code: Code.ResourceExhausted });
  }

  #tell(pod: Pod, worker: PodWorker, before: readonly string[]): void {
    const { events } = this.#options;
    worker.containers.forEach((container, index) => {
      const { state, name, options } = container;
      const { image } = options.spec;
      const now = stateText(container);
      if (now === before[index]) return;
      if (state.in === "running") {
        if (container.restarts === 0) events.record(pod, "Normal", "Pulled", `Container image "${image}" already present on machine`, name);
        events.record(pod, "Normal", "Created", `Container created`, name);
        events.record(pod, "Normal", "Started", `Container started`, name);
      } else if (state.in === "waiting" && state.reason === "ErrImagePull") {
        events.record(pod, "Normal", "Pulling", `Pulling image "${image}"`, name);
        events.record(pod, "Warning", "Failed", `Failed to pull image "${image}": ${state.message}`, name);
        events.record(pod, "Warning", "Failed", "Error: ErrImagePull", name);
      } else if (state.in === "waiting" && state.reason === "CrashLoopBackOff") events.record(pod, "Warning", "BackOff", `Back-off restarting failed container ${name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`, name);
      else if (state.in === "waiting" && state.reason === "CreateContainerConfigError") events.record(pod, "Warning", "Failed", `Error: ${state.message}`, name);
    });
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

function statesOf(worker: PodWorker): string[] {
  return worker.containers.map(stateText);
}

function stateText({ state, containerID }: Container): string {
  return `${state.in}/${state.in === "waiting" ? state.reason : containerID}`;
}
