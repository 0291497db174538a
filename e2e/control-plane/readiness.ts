import { request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { KeyAndCertificate } from "./certificates.ts";

export interface Target {
  url: string;
  authority: { certificate: string };
  admin: KeyAndCertificate;
}

/** Resolves with the server's version once /readyz says ok, which includes RBAC's own roles. */
export async function untilReady(target: Target, signal: AbortSignal): Promise<string> {
  await until(async () => (await get(target, "/readyz", signal)).status === 200, signal);
  return (JSON.parse((await get(target, "/version", signal)).body) as { gitVersion: string }).gitVersion;
}

/** Resolves once the namespace `default` has what the controllers of service accounts and root certificates make. */
export async function untilControllersWork(target: Target, signal: AbortSignal): Promise<void> {
  for (const made of ["serviceaccounts/default", "configmaps/kube-root-ca.crt"]) {
    await until(async () => (await get(target, `/api/v1/namespaces/default/${made}`, signal)).status === 200, signal);
  }
}

/** Neither server can tell when it will be ready, so this asks. A refused connection is "not yet". */
async function until(condition: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await condition().catch((error: Error) => (signal.aborted ? Promise.reject(error) : false)))) await pause(50, undefined, { signal });
}

function get(target: Target, path: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, target.url), { ca: target.authority.certificate, cert: target.admin.certificate, key: target.admin.key, agent: false, signal }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode!, body }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end();
  });
}
