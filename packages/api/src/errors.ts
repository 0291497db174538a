/** gRPC codes that the pure packages answer with. */
export const INVALID_ARGUMENT = 3;

export interface DomainErrorOptions {
  /** Searchable, UpperCamelCase; has a line in docs/errors.md. */
  reason: string;
  /** gRPC status code; InvalidArgument where nothing else is said. */
  code?: number;
  retry?: "never" | "later" | "now";
  cause?: unknown;
  /** Facts for programs (file, line, field, object …). Never secrets. */
  details?: Record<string, unknown>;
}

/** A failure that the pure packages find: the same fields as the services' own error, which edges map once. */
export class DomainError extends Error {
  override readonly name: string = "DomainError";
  readonly reason: string;
  readonly code: number;
  readonly retry: "never" | "later" | "now";
  readonly details: Record<string, unknown>;

  constructor(message: string, options: DomainErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason;
    this.code = options.code ?? INVALID_ARGUMENT;
    this.retry = options.retry ?? "never";
    this.details = options.details ?? {};
  }
}
