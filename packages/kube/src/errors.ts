import type { ClusterId, KubeStatus } from "@trireme/api";
import { AppError, Code, type Retry } from "@trireme/runtime/errors";

const CODES: Record<string, { code: Code; retry: Retry }> = {
  NotFound: { code: Code.NotFound, retry: "never" },
  AlreadyExists: { code: Code.AlreadyExists, retry: "never" },
  Conflict: { code: Code.Aborted, retry: "now" },
  Invalid: { code: Code.InvalidArgument, retry: "never" },
  BadRequest: { code: Code.InvalidArgument, retry: "never" },
  Unauthorized: { code: Code.Unauthenticated, retry: "later" },
  Forbidden: { code: Code.PermissionDenied, retry: "later" },
  MethodNotAllowed: { code: Code.Unimplemented, retry: "never" },
  NotAcceptable: { code: Code.InvalidArgument, retry: "never" },
  UnsupportedMediaType: { code: Code.InvalidArgument, retry: "never" },
  RequestEntityTooLarge: { code: Code.ResourceExhausted, retry: "never" },
  Gone: { code: Code.OutOfRange, retry: "now" },
  Expired: { code: Code.OutOfRange, retry: "now" },
  TooManyRequests: { code: Code.ResourceExhausted, retry: "later" },
  ServerTimeout: { code: Code.Unavailable, retry: "later" },
  Timeout: { code: Code.DeadlineExceeded, retry: "later" },
  ServiceUnavailable: { code: Code.Unavailable, retry: "later" },
  InternalError: { code: Code.Internal, retry: "later" },
};

const REASON_OF_CODE: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The API server refused: `message` is its own sentence, `status` its whole answer. */
export class KubeError extends AppError {
  override readonly name = "KubeError";
  readonly status: KubeStatus;
  readonly cluster: ClusterId;
  /** Sooner than this the server does not want to be asked again, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: KubeStatus, where: { cluster: ClusterId; method: string; path: string }, retryAfterMs?: number) {
    const reason = status.reason || REASON_OF_CODE[status.code] || "KubernetesError";
    const known = CODES[reason] ?? CODES[REASON_OF_CODE[status.code] ?? ""] ?? { code: status.code >= 500 ? Code.Unavailable : Code.Unknown, retry: "later" as const };
    super(status.message || `${where.method} ${where.path} on ${where.cluster} answered ${status.code}`, { reason, ...known, details: { ...where, status: status.code } });
    this.status = { ...status, reason };
    this.cluster = where.cluster;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer from the API server: refused, unknown host, lost connection, bad certificate, deadline passed. */
export class KubeUnreachableError extends AppError {
  override readonly name = "KubeUnreachableError";
  readonly cluster: ClusterId;

  constructor(message: string, options: { cluster: ClusterId; reason: "ClusterUnreachable" | "ClusterTimeout" | "ClusterAnswerTooLarge" | "WatchSilent"; cause?: unknown; details?: Record<string, unknown> }) {
    super(message, {
      reason: options.reason,
      code: options.reason === "ClusterTimeout" || options.reason === "WatchSilent" ? Code.DeadlineExceeded : options.reason === "ClusterAnswerTooLarge" ? Code.ResourceExhausted : Code.Unavailable,
      retry: "later",
      cause: options.cause,
      details: { cluster: options.cluster, ...options.details },
    });
    this.cluster = options.cluster;
  }
}

/** The kind is not served, or the group-version that would serve it did not answer discovery. */
export class KindNotServedError extends AppError {
  override readonly name = "KindNotServedError";

  constructor(message: string, options: { cluster: ClusterId; group: string; kind: string; unknown: boolean }) {
    super(message, { reason: options.unknown ? "KindUnknown" : "KindNotServed", code: options.unknown ? Code.Unavailable : Code.NotFound, retry: "later", details: { ...options } });
  }
}

/** Credentials could not be had: no such context, a token file that is missing, an exec plugin that failed. */
export class KubeCredentialsError extends AppError {
  override readonly name = "KubeCredentialsError";

  constructor(message: string, options: { cause?: unknown; retry?: Retry; details?: Record<string, unknown> } = {}) {
    super(message, { reason: "ClusterCredentials", code: Code.Unauthenticated, retry: options.retry ?? "later", cause: options.cause, ...(options.details && { details: options.details }) });
  }
}

export function isKubeError(thrown: unknown, ...reasons: string[]): thrown is KubeError {
  return thrown instanceof KubeError && (reasons.length === 0 || reasons.includes(thrown.reason));
}

export const isNotFound = (thrown: unknown): thrown is KubeError => isKubeError(thrown, "NotFound");
export const isAlreadyExists = (thrown: unknown): thrown is KubeError => isKubeError(thrown, "AlreadyExists");
export const isConflict = (thrown: unknown): thrown is KubeError => isKubeError(thrown, "Conflict");
/** The resourceVersion or continue token is older than the server remembers: list again. */
export const isGone = (thrown: unknown): thrown is KubeError => isKubeError(thrown, "Gone", "Expired") || (thrown instanceof KubeError && thrown.status.code === 410);

/** What a real API server says of an etcd that does not answer; its own 500s have other beginnings. */
const STORAGE_AWAY = /^(rpc error: code = (Unavailable|Canceled|DeadlineExceeded|Unknown desc = (context|OK:))|etcdserver: |context deadline exceeded|client connection is closing|storage is \(re\)initializing)/;

/**
 * The cluster is away, or cannot now: nothing is known of what became of the request, and the same one may well succeed
 * in a moment. A refusal is none of these, and a webhook that fails is not the server's absence.
 */
export function isAway(thrown: unknown): boolean {
  if (thrown instanceof KubeUnreachableError) return thrown.reason !== "ClusterAnswerTooLarge";
  if (!(thrown instanceof KubeError)) return false;
  const { code, message = "" } = thrown.status;
  return code === 429 || code === 503 || code === 504 || thrown.reason === "ServerTimeout" || (code === 500 && STORAGE_AWAY.test(message));
}

/** An error body as a Status; what is not one (a proxy's page) is quoted in short. */
export function statusOf(code: number, body: string): KubeStatus {
  try {
    const parsed = JSON.parse(body) as KubeStatus;
    if (parsed !== null && typeof parsed === "object" && parsed.kind === "Status") return { ...parsed, code: parsed.code || code };
  } catch {
    // Not JSON: a load balancer or proxy answered.
  }
  const said = body.trim().slice(0, 300);
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, ...(REASON_OF_CODE[code] && { reason: REASON_OF_CODE[code] }), message: said === "" ? `the server answered ${code}` : said };
}
