import { asAppError } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { touchedRepositories } from "./match.ts";
import type { Push } from "./payloads.ts";

const DIRECT_MS = 5_000;

/**
 * Tells every live shard that a ref of a repository may have moved. Through the queue; where Redis does
 * not take it at once, by a call. Never fails: what is missed here is found by the poll.
 */
export async function refreshFor(push: Push, ctx: Context): Promise<number> {
  const repositories = touchedRepositories(ctx.applications.list(), push);
  const jobs = [...repositories].flatMap((repoURL) => ctx.controllers.shards().map((shard) => ({ shard, job: { repoURL, ref: push.ref, ...(push.commit !== undefined && { hint: push.commit }) } })));
  await Promise.all(
    jobs.map(async ({ shard, job }) => {
      if (await ctx.queue?.add("refresh", shard, job)) return;
      try {
        await ctx.controllers.byShard(shard).refresh({ repoUrl: job.repoURL, ref: job.ref, hint: job.hint ?? "" }, { deadlineMs: DIRECT_MS });
      } catch (thrown) {
        ctx.log.warn({ repo: job.repoURL, ref: job.ref, shard, error: asAppError(thrown).message }, "webhook not passed on; the poll will find the commit");
      }
    }),
  );
  ctx.log.info({ ref: push.ref, repositories: [...repositories], commit: push.commit }, "webhook passed on");
  return jobs.length;
}
