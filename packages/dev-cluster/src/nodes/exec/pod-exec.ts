/** What an API server hands to a kubelet of `POST /api/v1/namespaces/{ns}/pods/{name}/exec`. */
export interface PodExecRequest {
  namespace: string;
  pod: string;
  /** Already chosen: the API server names the only container where the client named none. */
  container: string;
  command: readonly string[];
}

/** The streams of a command; they are bytes, and nothing of them is kept. */
export interface ExecStreams {
  stdin: AsyncIterable<Buffer>;
  stdout: (data: string | Buffer) => void;
  stderr: (data: string | Buffer) => void;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** Where an API server gets a command run: in the same process by a kubelet itself, on another machine by its HTTPS port. */
export interface PodExec {
  /** Looks the container up. Throws an AppError with the kubelet's own sentence where nothing can run in it. */
  podExec(request: PodExecRequest): Execution;
}

export interface Execution {
  /** Runs to the end: the exit code. Throws an AppError where the runtime cannot start the command at all. */
  run(streams: ExecStreams): Promise<number>;
}
