import type { Around } from "@trireme/rpc";
import { asAppError, Code, type Logger, type Metrics } from "@trireme/runtime";

const NAMES = new Map<number, string>(Object.entries(Code).map(([name, number]) => [number, name]));
/** Failures that somebody should look into; the others are the caller's business. */
const OURS = new Set<number>([Code.Internal, Code.Unknown, Code.DataLoss, Code.Unavailable]);

/** One line and one count for each call, whichever door it came through. Requests are never logged: they hold passwords. */
export function observeCalls(log: Logger, metrics: Metrics): Around {
  const handled = metrics.counter("grpc_server_handled_total", "Calls that ended, by method and code.", ["grpc_service", "grpc_method", "grpc_code"]);
  const logins = metrics.counter("argocd_login_request_total", "Sign-ins, by outcome.", ["status"]);
  return async (call, _request, next) => {
    const started = performance.now();
    let code = "OK";
    try {
      await next();
      log.debug({ method: call.method, door: call.door, ms: Math.round(performance.now() - started) }, "call answered");
    } catch (thrown) {
      const error = asAppError(thrown);
      code = NAMES.get(error.code) ?? "Unknown";
      const facts = { method: call.method, door: call.door, peer: call.peer, code, reason: error.reason, ms: Math.round(performance.now() - started), error: error.message };
      if (error.code === Code.Internal) log.error({ ...facts, cause: error.cause instanceof Error ? error.cause.stack : undefined }, "call failed");
      else if (OURS.has(error.code)) log.warn(facts, "call failed");
      else log.info(facts, "call refused");
      throw thrown;
    } finally {
      const [service, method] = call.method.split("/");
      handled.inc({ grpc_service: service ?? "", grpc_method: method ?? "", grpc_code: code });
      if (call.method === "session.SessionService/Create") logins.inc({ status: code === "OK" ? "success" : "failed" });
    }
  };
}
