import { createHash, randomUUID } from "node:crypto";
import type { KubeClient } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime/errors";
import type { Pod } from "../../loop/pods.ts";
import type { Container } from "../container.ts";
import { containerView } from "./container-view.ts";
import type { ExecStreams } from "./pod-exec.ts";
import { programs } from "./programs.ts";

/** As a shell reports a process that was ended by SIGKILL. */
const KILLED = 137;

/** Runs one program beside those that the container runs by itself; answers its exit code. */
export async function runCommand(place: { client: KubeClient; pod: Pod; podIP: string; container: Container }, [program = "", ...args]: readonly string[], streams: ExecStreams): Promise<number> {
  const { client, pod, podIP, container } = place;
  const { life } = container;
  const view = await containerView(client, pod, container.options.spec, podIP, container.written);
  const found = programs.find(program, view);
  if (!found) throw unstartable(program);
  try {
    return await found(args, { ...view, ...streams, signal: AbortSignal.any([streams.signal, life]) });
  } catch (thrown) {
    if (life.aborted) return KILLED;
    throw thrown;
  }
}

/** The container runtime's words for a program that is not there. */
function unstartable(program: string): AppError {
  const id = createHash("sha256").update(randomUUID()).digest("hex");
  const why = program.includes("/") ? `stat ${program}: no such file or directory` : "executable file not found in $PATH";
  return new AppError(`failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown`, { reason: "CommandNotFound", code: Code.Internal, retry: "never" });
}
