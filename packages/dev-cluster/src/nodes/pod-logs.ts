/** The query of `GET /api/v1/namespaces/{ns}/pods/{name}/log`, as the API server hands it to a kubelet. */
export interface PodLogRequest {
  namespace: string;
  pod: string;
  /** Already chosen: the API server names the only container where the client named none. */
  container: string;
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  limitBytes?: number;
  sinceSeconds?: number;
  /** RFC 3339. */
  sinceTime?: string;
  signal?: AbortSignal;
}

/**
 * Where an API server gets logs from: in the same process a kubelet itself, on another machine its HTTPS port.
 * Throws an AppError with the kubelet's own sentence (`container "x" in pod "y" is waiting to start: …`).
 */
export interface PodLogs {
  /** Whole lines with their newline, as bytes of the answer; ends with the container's run where it follows. */
  podLogs(request: PodLogRequest): AsyncIterable<string>;
}
