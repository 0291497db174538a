import { AppError, Code } from "@trireme/runtime";

/** Absent and forbidden sound alike: nobody learns what exists from the answer. */
export function permissionDenied(detail?: string): AppError {
  return new AppError(detail === undefined ? "permission denied" : `permission denied: ${detail}`, { reason: "PermissionDenied", code: Code.PermissionDenied, retry: "never" });
}

export function unauthenticated(message: string): AppError {
  return new AppError(message, { reason: "Unauthenticated", code: Code.Unauthenticated, retry: "never" });
}

export function invalid(message: string, reason = "InvalidArgument"): AppError {
  return new AppError(message, { reason, code: Code.InvalidArgument, retry: "never" });
}

export function notFound(message: string): AppError {
  return new AppError(message, { reason: "NotFound", code: Code.NotFound, retry: "never" });
}

/** The API server's own sentence for an Argo object that is not there. */
export function objectNotFound(plural: string, name: string): AppError {
  return notFound(`${plural}.argoproj.io ${JSON.stringify(name)} not found`);
}

export function failedPrecondition(message: string, reason = "FailedPrecondition"): AppError {
  return new AppError(message, { reason, code: Code.FailedPrecondition, retry: "never" });
}

export function unknown(message: string, reason = "Unknown", cause?: unknown): AppError {
  return new AppError(message, { reason, code: Code.Unknown, retry: "later", cause });
}
