import type { Application, ApplicationSource, Operation, ReleaseProven } from "@trireme/api/argo";
import { hasMultipleSources, isAutomated } from "../application.ts";
import { storedDigest } from "./record.ts";

/** In an operation's `info`: the digest of the stored set that it applies instead of what Git has. */
const ROLLBACK_INFO = "trireme.dev/rollback";
/** In an operation's `info`: how the sync failed whose tail this is. */
const FAILED_INFO = "trireme.dev/failed";

const DEFAULT_RETRY_LIMIT = 5;

/** An automated sync to a stored set. Clients see an ordinary sync to the commit that the set was rendered from. */
export function rollbackOperation(app: Application, to: Pick<ReleaseProven, "digest" | "revision" | "revisions">, sources: readonly ApplicationSource[], reason: string): Operation {
  const policy = app.spec.syncPolicy;
  const many = hasMultipleSources(app.spec) || sources.length > 1;
  return {
    sync: {
      ...(many ? { revisions: to.revisions ?? [to.revision ?? ""], sources: [...sources] } : { revision: to.revision ?? "", ...(sources[0] && { source: sources[0] }) }),
      ...(policy?.automated?.prune === true && isAutomated(policy) && { prune: true }),
      ...(policy?.syncOptions !== undefined && policy.syncOptions.length > 0 && { syncOptions: policy.syncOptions }),
    },
    info: [
      { name: ROLLBACK_INFO, value: storedDigest(to.digest) },
      { name: "Reason", value: reason },
    ],
    initiatedBy: { automated: true },
    retry: policy?.retry ?? { limit: DEFAULT_RETRY_LIMIT },
  };
}

/** The same for a sync that failed: the operation goes on, keeps its initiator, and remembers how it failed. */
export function rollbackTail(failed: Operation, back: Operation, message: string): Operation {
  return { ...failed, ...(back.sync && { sync: back.sync }), info: [...(failed.info ?? []), ...back.info!.slice(0, 1), { name: FAILED_INFO, value: message }] };
}

/** Digest of the stored set that an operation applies; undefined where it applies what Git has. */
export function rollbackDigest(operation: Operation | undefined): string | undefined {
  return operation?.info?.find((each) => each.name === ROLLBACK_INFO)?.value;
}

/** How the sync failed whose tail an operation is. */
export function failureOf(operation: Operation | undefined): string | undefined {
  return operation?.info?.find((each) => each.name === FAILED_INFO)?.value;
}
