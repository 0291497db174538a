import { accessOf } from "../../state/repository-access.ts";
import type { Repository } from "@trireme/settings";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Context } from "../../context.ts";

export interface ConnectionState {
  status: string;
  message: string;
  attemptedAt: string | null;
}

const NEVER: ConnectionState = { status: "", message: "", attemptedAt: null };

/** A repository as anybody may see it: where and what it is, and whether it answers. Never what opens it. */
export function shownRepository(repository: Repository, state: ConnectionState = NEVER) {
  const { repo, type, name, project, insecure, insecureIgnoreHostKey, enableLfs, enableOCI, proxy, noProxy, inheritedCreds, forceHttpBasicAuth, useAzureWorkloadIdentity, depth, githubAppID, githubAppInstallationID, githubAppEnterpriseBaseUrl, azureServicePrincipalClientId, azureServicePrincipalTenantId, azureActiveDirectoryEndpoint } = repository;
  return {
    repo,
    ...defined({ type: type || "git", name, project, insecure: insecure || insecureIgnoreHostKey, enableLfs, enableOCI, proxy: proxy && withoutPassword(proxy), noProxy, inheritedCreds, forceHttpBasicAuth, useAzureWorkloadIdentity, depth, githubAppID, githubAppInstallationID, githubAppEnterpriseBaseUrl, azureServicePrincipalClientId, azureServicePrincipalTenantId, azureActiveDirectoryEndpoint }),
    connectionState: state,
  };
}

const REMEMBER_MS = 60_000;
const PROBE_MS = 10_000;
const states = new WeakMap<Context, Map<string, { key: string; at: number; state: Promise<ConnectionState> }>>();

/** Whether a repository answers with its credentials; asked at most once a minute unless forced, by all who ask together. */
export function connectionState(repository: Repository, ctx: Context, options: { force: boolean }): Promise<ConnectionState> {
  const known = states.get(ctx) ?? new Map<string, { key: string; at: number; state: Promise<ConnectionState> }>();
  states.set(ctx, known);
  const id = `${repository.repo}\n${repository.project ?? ""}`;
  const key = JSON.stringify(repository);
  const now = ctx.clock.now();
  const entry = known.get(id);
  if (entry !== undefined && entry.key === key && !options.force && now - entry.at < REMEMBER_MS) return entry.state;
  const attemptedAt = rfc3339(now);
  const state = ctx.repo
    .test({ repository: accessOf(repository, ctx) }, { signal: AbortSignal.timeout(PROBE_MS) })
    .then(() => ({ status: "Successful", message: "", attemptedAt }))
    .catch((thrown: unknown) => ({ status: "Failed", message: `Unable to connect to repository: ${asAppError(thrown).message}`, attemptedAt }));
  if (known.size > 10_000) known.clear();
  known.set(id, { key, at: now, state });
  return state;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}

function defined(from: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined && value !== "" && value !== false && value !== 0));
}
