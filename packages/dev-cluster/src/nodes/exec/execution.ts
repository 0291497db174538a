import type { KubeClient } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime/errors";
import type { Pod } from "../../loop/pods.ts";
import type { PodWorker } from "../pod-worker.ts";
import type { Execution, PodExecRequest } from "./pod-exec.ts";

/** Prepares a command in a running container; refuses, as kubelet and runtime do, where there is none. */
export function executionIn(client: KubeClient, pod: Pod, worker: PodWorker | undefined, { container: name, command }: PodExecRequest): Execution {
  const container = worker?.find(name);
  if (!worker || !container?.containerID) throw new AppError(`container not found ("${name}")`, { reason: "ContainerNotFound", code: Code.Internal, retry: "later" });
  if (container.state.in !== "running") throw new AppError("rpc error: code = Unknown desc = container is in CONTAINER_EXITED state", { reason: "ContainerNotRunning", code: Code.Internal, retry: "later" });
  return {
    async run(streams) {
      // Few clusters ever see a command: what runs them is read when the first one comes.
      const { runCommand } = await import("./run-command.ts");
      return runCommand({ client, pod, podIP: worker.podIP, container }, command, streams);
    },
  };
}
