import { Metadata, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { AppError, asAppError, Code, type Retry } from "@trireme/runtime";

/** Trailing metadata that carries what a status cannot: reason, retry and details, as JSON. */
export const ERROR_METADATA = "trireme-error-bin";
const MAX_DETAILS_BYTES = 4096;

/** How any thrown thing ends a gRPC call. Internal peers also get reason and details, so that they rebuild the same error. */
export function statusOf(thrown: unknown, { withDetails }: { withDetails: boolean }): Partial<StatusObject> {
  const error = withDetails ? asAppError(thrown) : publicError(thrown);
  const status: Partial<StatusObject> = { code: error.code, details: error.message };
  if (withDetails) status.metadata = errorMetadata(error);
  return status;
}

/** What the public is told: an error that nobody meant to throw stays in the log. */
export function publicError(thrown: unknown): AppError {
  const error = asAppError(thrown);
  const meant = thrown instanceof AppError || error.reason !== "Internal";
  return meant ? error : new AppError("internal error", { reason: "Internal", code: Code.Internal, retry: "later", cause: thrown });
}

/** The AppError that the other side threw, or one that says what became of the connection. */
export function errorFromStatus(error: ServiceError, call: { peer: string; method: string }): AppError {
  const [carried] = error.metadata?.get(ERROR_METADATA) ?? [];
  if (Buffer.isBuffer(carried)) {
    const { reason, retry, details } = JSON.parse(carried.toString("utf8")) as { reason: string; retry: Retry; details: Record<string, unknown> };
    return new AppError(error.details, { reason, retry, details, code: error.code });
  }
  const code = error.code as Code;
  const { reason, retry } = TRANSPORT_REASONS[code] ?? { reason: "RemoteCallFailed", retry: "later" };
  return new AppError(`${call.method} at ${call.peer}: ${error.details || error.message}`, { reason, retry, code, cause: error });
}

function errorMetadata(error: AppError): Metadata {
  const carried = { reason: error.reason, retry: error.retry, details: error.details };
  let json = JSON.stringify(carried);
  if (Buffer.byteLength(json) > MAX_DETAILS_BYTES) json = JSON.stringify({ ...carried, details: { omitted: `details over ${MAX_DETAILS_BYTES} bytes` } });
  const metadata = new Metadata();
  metadata.set(ERROR_METADATA, Buffer.from(json));
  return metadata;
}

const TRANSPORT_REASONS: Partial<Record<Code, { reason: string; retry: Retry }>> = {
  [Code.Canceled]: { reason: "Canceled", retry: "later" },
  [Code.DeadlineExceeded]: { reason: "DeadlineExceeded", retry: "later" },
  [Code.Unavailable]: { reason: "ServiceUnavailable", retry: "now" },
  [Code.Unimplemented]: { reason: "Unimplemented", retry: "never" },
  [Code.ResourceExhausted]: { reason: "MessageTooLarge", retry: "never" },
};
