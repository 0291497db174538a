/** gRPC's status codes by name and number; the one vocabulary of failure between all parts. */
export const Code = {
  OK: 0,
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/** Whether coming back can help: `never` until somebody changes something, `later` after a pause, `now` at once. */
export type Retry = "never" | "later" | "now";

export interface AppErrorOptions {
  /** Searchable, UpperCamelCase; has a line in docs/errors.md. */
  reason: string;
  code?: Code;
  retry?: Retry;
  cause?: unknown;
  /** Facts for programs (file, line, field, object …). Never secrets. */
  details?: Record<string, unknown>;
}

/**
 * Every failure that a user can meet. The message names the thing and the place;
 * each edge (gRPC, HTTP, condition) maps it once.
 */
export class AppError extends Error {
  override readonly name: string = "AppError";
  readonly reason: string;
  readonly code: Code;
  readonly retry: Retry;
  readonly details: Record<string, unknown>;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason;
    this.code = options.code ?? Code.Unknown;
    this.retry = options.retry ?? "later";
    this.details = options.details ?? {};
  }
}

/** Anything thrown, as an AppError; what we do not know keeps its message and cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") return new AppError(thrown.message || "canceled", { reason: "Canceled", code: Code.Canceled, retry: "later", cause: thrown });
  // Pure packages import no runtime; their errors carry the same fields.
  if (thrown instanceof Error && "reason" in thrown && "code" in thrown && typeof thrown.reason === "string" && typeof thrown.code === "number") {
    const { retry, details } = thrown as { retry?: Retry; details?: Record<string, unknown> };
    return new AppError(thrown.message, { reason: thrown.reason, code: thrown.code as Code, ...(retry && { retry }), ...(details && { details }), cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(message, { reason: "Internal", code: Code.Internal, retry: "later", cause: thrown });
}
