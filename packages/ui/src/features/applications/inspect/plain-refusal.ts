import { ApiError } from "../../../api/client.ts";

/**
 * An API server that refuses a patch in strict validation quotes the whole object before it says why; people are told
 * the reason.
 */
export function plainRefusal(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const reason = /strict decoding error: .*$/s.exec(error.message)?.[0];
  return reason === undefined ? error : new ApiError(error.status, reason);
}
