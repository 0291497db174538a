import type { Application } from "@trireme/api/argo";
import { provenAs } from "@trireme/gitops";
import { AppError, Code } from "@trireme/runtime";
import { basisOf, storedState } from "../applications/desired.ts";
import type { Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";
import type { StoredSet } from "./stored-set.ts";

/** A stored set, ready to be compared and applied as if Git had it; opened once for as long as it is held. Throws where it cannot be opened. */
export async function pinnedState(deps: Deps, facts: Facts, memory: AppMemory, digest: string, signal: AbortSignal): Promise<Desired> {
  const known = memory.pinned;
  if (known?.digest === digest && known.basis === basisOf(desiredInput(deps, facts, { sources: known.sources, revisions: known.revisions, signal }))) return known;
  await facts.live.discovery({ signal });
  const set = await openProven(deps, facts.app, digest);
  return (memory.pinned = storedState(deps.ctx, desiredInput(deps, facts, { sources: set.sources, revisions: set.revisions, signal }), set));
}

/** Throws AppError StoredSetUnreadable. */
export async function openProven(deps: Deps, app: Application, digest: string): Promise<StoredSet> {
  const proven = provenAs(deps.releases.of(app), digest);
  if (proven === undefined) throw new AppError(`no proven release of ${app.metadata.namespace}/${app.metadata.name} has the digest ${digest.slice(0, 19)}`, { reason: "StoredSetUnreadable", code: Code.NotFound, retry: "never" });
  return deps.releases.open(app, proven);
}
