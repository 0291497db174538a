import { Code } from "@trireme/runtime";
import { publicError } from "../grpc/status.ts";

/** grpc-gateway's table. */
const HTTP_STATUS: Record<Code, number> = {
  [Code.OK]: 200,
  [Code.Canceled]: 408,
  [Code.Unknown]: 500,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.OutOfRange]: 400,
  [Code.Unimplemented]: 501,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
  [Code.DataLoss]: 500,
  [Code.Unauthenticated]: 401,
};

const HTTP_NAMES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  409: "Conflict",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export function httpStatusOf(code: Code): number {
  return HTTP_STATUS[code];
}

/** `{ error, code, message }` and the status that goes with it. */
export function restError(thrown: unknown): { status: number; body: { error: string; code: number; message: string } } {
  const { code, message } = publicError(thrown);
  return { status: httpStatusOf(code), body: { error: message, code, message } };
}

/** What a stream ends with when it fails. */
export function restStreamError(thrown: unknown): { status: number; body: { error: { grpc_code: number; http_code: number; message: string; http_status: string } } } {
  const { code, message } = publicError(thrown);
  const status = httpStatusOf(code);
  return { status, body: { error: { grpc_code: code, http_code: status, message, http_status: HTTP_NAMES[status] ?? "" } } };
}
