import { AppError, Code } from "@trireme/runtime";
import { displayUrl } from "./access.ts";

/** The server said no: its own words follow ours. */
export function refused(url: string, status: number, body: string): AppError {
  const said = body.trim().replace(/\s+/g, " ").slice(0, 500);
  const where = { repository: displayUrl(url), status };
  if (status === 401) return new AppError(`authentication required: ${said || "Unauthorized"}`, { reason: "GitAuthenticationRequired", code: Code.Unauthenticated, retry: "never", details: where });
  if (status === 403) return new AppError(`authorization failed: ${said || "Forbidden"}`, { reason: "GitAuthorizationFailed", code: Code.PermissionDenied, retry: "never", details: where });
  if (status === 404 || status === 410) return new AppError(`repository not found: ${said}`, { reason: "RepositoryNotFound", code: Code.NotFound, retry: "later", details: where });
  return new AppError(`unexpected status code ${status} from ${displayUrl(url)}${said === "" ? "" : `: ${said}`}`, { reason: "GitServerError", code: Code.Unavailable, retry: "later", details: where });
}

export function unreachable(url: string, cause: unknown): AppError {
  const why = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) || (cause as { code?: string }).code : String(cause);
  return new AppError(`failed to reach ${displayUrl(url)}: ${why}`, { reason: "GitServerUnreachable", code: Code.Unavailable, retry: "later", cause, details: { repository: displayUrl(url) } });
}

export function timedOut(url: string, what: string, ms: number): AppError {
  return new AppError(`${what} of ${displayUrl(url)} took longer than ${ms / 1000} s`, { reason: "GitTimeout", code: Code.DeadlineExceeded, retry: "later", details: { repository: displayUrl(url) } });
}

export function protocolError(url: string, what: string): AppError {
  return new AppError(`${displayUrl(url)}: ${what}`, { reason: "GitProtocolError", code: Code.Unavailable, retry: "later", details: { repository: displayUrl(url) } });
}

export function tooLarge(url: string, what: string, limit: number): AppError {
  return new AppError(`${displayUrl(url)}: ${what} is larger than ${limit} bytes`, { reason: "GitTooLarge", code: Code.ResourceExhausted, retry: "never", details: { repository: displayUrl(url), limit } });
}

export function objectMissing(oid: string): AppError {
  return new AppError(`git object ${oid} is not in the store`, { reason: "GitObjectMissing", code: Code.NotFound, retry: "now", details: { oid } });
}

export function corrupt(where: string, what: string): AppError {
  return new AppError(`${where}: ${what}`, { reason: "GitStoreCorrupt", code: Code.DataLoss, retry: "now" });
}
