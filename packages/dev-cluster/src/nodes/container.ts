import { createHash, randomUUID } from "node:crypto";
import { emptyWritable, type Writable } from "./exec/writable.ts";
import { LogBuffer } from "./log-buffer.ts";
import type { Breakage } from "./options.ts";
import { programOf, type ContainerSpec } from "./program.ts";
import { runProgram } from "./run-program.ts";
import { rfc3339 } from "@trireme/runtime/clock";

export type ContainerState =
  | { in: "waiting"; reason: string; message?: string }
  | { in: "running"; startedAt: number }
  | { in: "terminated"; exitCode: number; reason: string; message?: string; startedAt: number; finishedAt: number; containerID: string };

export type Role = "init" | "sidecar" | "main";

const MAX_BACKOFF_MS = 300_000;

export interface ContainerOptions {
  spec: ContainerSpec & Record<string, any>;
  role: Role;
  restartPolicy: string;
  /** The pod has init containers: until they are done the others say so. */
  waitsForInit: boolean;
  breakage: Breakage | undefined;
  backoffMs: number;
  readyMs: number;
  /** Something happened by itself: the pod wants to be looked at. */
  changed: () => void;
}

/** One container of one pod through all its runs. */
export class Container {
  readonly options: ContainerOptions;
  state: ContainerState = { in: "waiting", reason: "ContainerCreating" };
  last: Extract<ContainerState, { in: "terminated" }> | undefined;
  restarts = 0;
  ready = false;
  log = new LogBuffer();
  previousLog: LogBuffer | undefined;
  containerID = "";
  /** What commands wrote into the files of this run. */
  written: Writable = emptyWritable();
  /** Ends with the run, and every command that runs beside it. */
  #life = new AbortController();
  #stop: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #pulls = 0;
  #pulled = false;

  constructor(options: ContainerOptions) {
    this.options = options;
    if (options.waitsForInit) this.state = { in: "waiting", reason: "PodInitializing" };
  }

  get name(): string {
    return this.options.spec.name;
  }

  /** Whether this one is done for good: nothing starts it again. */
  get over(): boolean {
    return this.state.in === "terminated" && !this.#restartsAfter(this.state.exitCode);
  }

  /** Aborts when the run that is under way ends. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  get succeeded(): boolean {
    return this.state.in === "terminated" && this.state.exitCode === 0;
  }

  /** Never ran, and nothing is under way yet. */
  get untouched(): boolean {
    return this.state.in === "waiting" && this.#timer === undefined && (this.state.reason === "ContainerCreating" || this.state.reason === "PodInitializing");
  }

  /** Pulls the image where that is still to do, then runs. `missing` says what it needs that is not there. */
  start(missing: string | undefined): void {
    if (this.#timer !== undefined || this.#stop) return;
    if (!this.#pulled && this.options.breakage === "pull") return this.#failPull();
    this.#pulled = true;
    if (missing !== undefined) {
      this.state = { in: "waiting", reason: "CreateContainerConfigError", message: missing };
      return;
    }
    this.#run();
  }

  /** Takes over what a kubelet before us started: it runs on, and nothing about it changes. */
  adopt(status: Record<string, any>): void {
    this.restarts = status["restartCount"] ?? 0;
    this.ready = status["ready"] === true;
    const { running, terminated, waiting } = status["state"] ?? {};
    this.last = terminatedState(status["lastState"]?.terminated);
    if (running) {
      this.containerID = status["containerID"] ?? "";
      this.#pulled = true;
      this.#begin(Date.parse(running.startedAt));
    } else if (terminated) this.state = terminatedState(terminated)!;
    else if (waiting?.reason === "CrashLoopBackOff" && this.last) {
      this.#failures = Math.min(this.restarts, 5);
      this.state = this.last;
    }
  }

  /** Ends the run, if any, as a signal would. */
  kill(reason = "Completed", exitCode = 0): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop?.abort();
    this.#stop = undefined;
    if (this.state.in === "running") this.#terminated(exitCode, reason);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#life.abort();
    this.#stop?.abort();
    this.log.end();
  }

  /** A terminated container whose policy says so: at once the first time, then after growing pauses. */
  restart(): void {
    if (this.state.in !== "terminated" || this.over || this.#timer !== undefined) return;
    const { backoffMs } = this.options;
    const pauseMs = this.#failures <= 1 ? 0 : Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (this.#failures - 2));
    const begin = () => {
      this.#timer = undefined;
      this.restarts++;
      this.#run();
    };
    if (pauseMs === 0) return begin();
    this.last = this.state;
    this.state = { in: "waiting", reason: "CrashLoopBackOff", message: `back-off ${goDuration(pauseMs)} restarting failed container=${this.name}` };
    this.#after(pauseMs, begin);
  }

  /** The entry of `containerStatuses`. */
  status(): Record<string, any> {
    const { spec } = this.options;
    return {
      name: spec.name,
      state: stateJson(this.state),
      lastState: this.last ? stateJson(this.last) : {},
      ready: this.ready,
      restartCount: this.restarts,
      image: spec.image,
      imageID: this.containerID ? imageId(spec.image) : "",
      ...(this.containerID && { containerID: this.containerID }),
      started: this.state.in === "running",
    };
  }

  #failPull(): void {
    const { image } = this.options.spec;
    const wanted = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    this.state = { in: "waiting", reason: "ErrImagePull", message: `rpc error: code = NotFound desc = ${wanted}` };
    const pauseMs = Math.min(MAX_BACKOFF_MS, this.options.backoffMs * 2 ** this.#pulls++);
    // The kubelet shows the error once, then the back-off until it tries again.
    this.#after(Math.min(pauseMs / 4, 1_000), () => {
      this.state = { in: "waiting", reason: "ImagePullBackOff", message: `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${wanted}` };
      this.#after(pauseMs, () => {
        this.#timer = undefined;
        this.#failPull();
      });
    });
  }

  #run(): void {
    if (this.state.in === "terminated") this.last = this.state;
    if (this.log.entries().length > 0 || this.restarts > 0) this.previousLog = this.log;
    this.log = new LogBuffer();
    this.written = emptyWritable();
    this.containerID = `containerd://${createHash("sha256").update(randomUUID()).digest("hex")}`;
    this.#begin(Date.now());
    const { breakage, readyMs, role } = this.options;
    if (breakage === "unready" || role === "init") return;
    if (readyMs === 0) this.ready = true;
    else
      this.#after(readyMs, () => {
        this.#timer = undefined;
        this.ready = this.state.in === "running";
      });
  }

  #begin(startedAt: number): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.#life = new AbortController();
    this.state = { in: "running", startedAt };
    const { spec, restartPolicy, role, breakage } = this.options;
    const { log } = this;
    let message: string | undefined;
    const steps = breakage === "crash" ? ([{ do: "print", text: `${spec.image}: fatal error` }, { do: "exit", code: 1 }] as const) : programOf(spec, role === "sidecar" ? "Always" : role === "init" ? "Never" : restartPolicy);
    runProgram(steps, { print: (line) => log.print(line), message: (text) => (message = text), signal: stop.signal })
      .then((code) => {
        if (stop.signal.aborted) return;
        this.#stop = undefined;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#terminated(code, code === 0 ? "Completed" : "Error", message);
        this.options.changed();
      })
      .catch(() => {})
      .finally(() => log.end());
  }

  #terminated(exitCode: number, reason: string, message?: string): void {
    const startedAt = this.state.in === "running" ? this.state.startedAt : Date.now();
    const now = Date.now();
    // Ten good minutes make up for earlier crashes.
    this.#failures = now - startedAt > 600_000 ? 1 : this.#failures + 1;
    this.ready = false;
    this.#life.abort();
    this.state = { in: "terminated", exitCode, reason, ...(message !== undefined && { message }), startedAt, finishedAt: now, containerID: this.containerID };
  }

  #restartsAfter(exitCode: number): boolean {
    const { role, restartPolicy } = this.options;
    if (role === "sidecar") return true;
    if (role === "init") return exitCode !== 0 && restartPolicy !== "Never";
    return restartPolicy === "Always" || (restartPolicy === "OnFailure" && exitCode !== 0);
  }

  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(() => {
      then();
      this.options.changed();
    }, ms);
  }
}

function terminatedState(terminated: Record<string, any> | undefined): Extract<ContainerState, { in: "terminated" }> | undefined {
  if (!terminated) return undefined;
  const { exitCode, reason, message, startedAt, finishedAt, containerID } = terminated;
  return { in: "terminated", exitCode, reason, ...(message && { message }), startedAt: Date.parse(startedAt), finishedAt: Date.parse(finishedAt), containerID };
}

function stateJson(state: ContainerState): Record<string, any> {
  switch (state.in) {
    case "waiting":
      return { waiting: { reason: state.reason, ...(state.message && { message: state.message }) } };
    case "running":
      return { running: { startedAt: rfc3339(state.startedAt) } };
    case "terminated": {
      const { exitCode, reason, message, startedAt, finishedAt, containerID } = state;
      return { terminated: { exitCode, reason, ...(message && { message }), startedAt: rfc3339(startedAt), finishedAt: rfc3339(finishedAt), ...(containerID && { containerID }) } };
    }
  }
}

function imageId(image: string): string {
  const repository = image.split("@", 1)[0]!.replace(/:[^/:]+$/, "");
  return `${repository}@sha256:${createHash("sha256").update(image).digest("hex")}`;
}

/** `1m20s`, as Go prints durations of whole seconds. */
export function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `${ms}ms`;
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
}
