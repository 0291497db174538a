import type { Application } from "@trireme/api/argo";
import { lastHistory, provenAs, revisionsOf, storedDigest, withProven } from "@trireme/gitops";
import { rfc3339 } from "@trireme/runtime";
import type { Facts } from "../applications/facts.ts";
import type { Desired } from "../applications/memory.ts";
import { renderApp } from "../applications/desired.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";

/**
 * Keeps a release that has held through its grace: one write for each Secret of its set, one that says so, and then the
 * sets that nobody goes back to any more are deleted. False where the set is not to be had: rendered again it is another.
 */
export async function proveRelease(deps: Deps, facts: Facts, app: Application, desired: Desired, signal: AbortSignal): Promise<boolean> {
  const { releases, ctx } = deps;
  const record = releases.of(app);
  const digest = storedDigest(desired.digest);
  const known = provenAs(record, digest);
  let secrets = known?.secrets;
  if (secrets === undefined) {
    const { objects, digest: rendered } = await renderApp(ctx, desiredInput(deps, facts, { sources: desired.sources, revisions: desired.revisions, signal }));
    if (objects === undefined || storedDigest(rendered) !== digest) return false;
    secrets = await releases.keep(app, { digest, revisions: desired.revisions, sources: desired.sources, sourceTypes: desired.sourceTypes, objects: objects.map(({ object }) => object) });
  }
  const deployed = lastHistory(app);
  const next = withProven(record, app, {
    digest,
    ...revisionsOf(desired.revisions),
    ...(deployed !== undefined && { historyID: deployed.id, deployedAt: deployed.deployedAt }),
    provenAt: rfc3339(ctx.clock.now()),
    secrets,
  });
  await releases.write(app, next);
  const kept = new Set(next.proven!.map((each) => each.digest));
  await releases.drop(app, (record.proven ?? []).filter((each) => !kept.has(each.digest)));
  ctx.log.info({ app: `${app.metadata.namespace}/${app.metadata.name}`, digest, revisions: desired.revisions }, "release proven");
  return true;
}
