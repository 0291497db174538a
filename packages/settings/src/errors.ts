/**
 * A setting that cannot be used: names the object and key it stands in.
 * Carries the fields of the services' own errors without importing them (this package does no I/O
 * and depends on nothing that does); the edges read the fields.
 */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly reason: string;
  /** gRPC status number. */
  readonly code: number;
  readonly retry: "never" | "later" | "now";
  readonly details: Record<string, unknown>;

  constructor(message: string, options: { reason?: string; code?: number; retry?: "never" | "later" | "now"; details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason ?? "InvalidSettings";
    this.code = options.code ?? 13;
    this.retry = options.retry ?? "never";
    this.details = options.details ?? {};
  }
}
