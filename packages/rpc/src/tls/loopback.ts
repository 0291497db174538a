import { AppError, Code } from "@trireme/runtime";

/** Plain text stays on this machine. @throws AppError PlaintextRefused with the host that was asked for. */
export function requireLoopback(host: string, what: string): void {
  if (isLoopback(host)) return;
  throw new AppError(`${what}: plain text is allowed on loopback only, not on ${host}; give it TLS files`, { reason: "PlaintextRefused", code: Code.FailedPrecondition, retry: "never", details: { host } });
}

export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare);
}
