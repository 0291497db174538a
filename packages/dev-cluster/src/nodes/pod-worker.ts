import { Container, type Role } from "./container.ts";
import { breakageOf, type NodesOptions } from "./options.ts";
import type { Pod } from "../loop/pods.ts";

export interface PodWorkerOptions {
  nodes: Required<Pick<NodesOptions, "brokenImages" | "startMs" | "readyMs" | "backoffMs">>;
  /** What the container needs that is not there, such as `secret "db" not found`. */
  missing: (pod: Pod, container: Record<string, any>) => string | undefined;
  /** Why its volumes cannot be mounted yet. */
  unmountable: (pod: Pod) => string | undefined;
  changed: () => void;
}

/** One pod on a node: its containers, and the order in which they start. */
export class PodWorker {
  readonly uid: string;
  readonly startedAt: number;
  podIP: string;
  readonly containers: readonly Container[];
  readonly #options: PodWorkerOptions;
  readonly #restartPolicy: string;
  #startable: boolean;
  #timer: NodeJS.Timeout | undefined;
  mountProblem: string | undefined;
  /** Why the whole pod ended before its containers did. */
  evicted: { reason: string; message: string } | undefined;

  constructor(pod: Pod, podIP: string, options: PodWorkerOptions) {
    const status = pod.status ?? {};
    this.uid = pod.metadata.uid!;
    this.podIP = podIP;
    this.startedAt = Date.parse(status["startTime"] ?? "") || Date.now();
    this.#options = options;
    this.#restartPolicy = pod.spec["restartPolicy"] ?? "Always";
    const container = (spec: any, role: Role) => new Container({ spec, role, restartPolicy: this.#restartPolicy, waitsForInit: (pod.spec["initContainers"] ?? []).length > 0, breakage: breakageOf(spec.image ?? "", options.nodes.brokenImages), backoffMs: options.nodes.backoffMs, readyMs: options.nodes.readyMs, changed: options.changed });
    this.containers = [
      ...((pod.spec["initContainers"] ?? []) as any[]).map((spec) => container(spec, spec.restartPolicy === "Always" ? "sidecar" : "init")),
      ...((pod.spec["containers"] ?? []) as any[]).map((spec) => container(spec, "main")),
    ];
    for (const known of [...(status["initContainerStatuses"] ?? []), ...(status["containerStatuses"] ?? [])]) this.containers.find(({ name }) => name === known.name)?.adopt(known);
    this.#startable = options.nodes.startMs === 0;
    if (!this.#startable) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#startable = true;
        options.changed();
      }, options.nodes.startMs);
    }
  }

  /** Starts and restarts what is due now. Init containers one after the other, then the others together. */
  advance(pod: Pod): void {
    if (!this.#startable || this.evicted) return;
    const deadlineMs = this.#deadline(pod);
    if (deadlineMs !== undefined && deadlineMs <= 0) return this.#failOnDeadline();
    if (this.containers.every(({ untouched }) => untouched)) {
      this.mountProblem = this.#options.unmountable(pod);
      if (this.mountProblem !== undefined) return;
    }
    for (const container of this.containers) {
      if (container.options.role !== "main" && !this.#initiated(container, pod)) return;
    }
    const main = this.containers.filter(({ options }) => options.role === "main");
    for (const container of main) this.#go(container, pod);
    // Sidecars end with the last of those they accompany.
    if (main.every(({ over }) => over)) for (const container of this.containers) if (container.options.role === "sidecar") container.kill();
  }

  find(name: string): Container | undefined {
    return this.containers.find((container) => container.name === name);
  }

  /** All containers end: servers on being asked to, tasks by force, since they do not listen. */
  stop(): void {
    for (const container of this.containers) {
      if (this.#restartPolicy === "Always" || container.options.role === "sidecar") container.kill();
      else container.kill("Error", 137);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const container of this.containers) container.dispose();
  }

  /** False while this init container (or sidecar) holds up those after it. */
  #initiated(container: Container, pod: Pod): boolean {
    this.#go(container, pod);
    return container.options.role === "sidecar" ? container.state.in === "running" : container.succeeded;
  }

  #go(container: Container, pod: Pod): void {
    if (container.state.in === "terminated") container.restart();
    else if (container.state.in === "waiting") container.start(this.#options.missing(pod, container.options.spec));
  }

  #deadline(pod: Pod): number | undefined {
    const seconds = pod.spec["activeDeadlineSeconds"] as number | undefined;
    if (seconds === undefined) return undefined;
    const leftMs = this.startedAt + seconds * 1000 - Date.now();
    if (leftMs > 0 && this.#timer === undefined) {
      // Timers may be a moment early: then the next look sets another.
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#options.changed();
      }, leftMs);
    }
    return leftMs;
  }

  #failOnDeadline(): void {
    this.evicted = { reason: "DeadlineExceeded", message: "Pod was active on the node longer than the specified deadline" };
    for (const container of this.containers) container.kill("Error", 137);
  }
}
