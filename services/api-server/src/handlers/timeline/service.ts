import { invalid } from "../../errors.ts";
import { projectNameOf } from "../../state/projects.ts";
import { accessOf } from "../../state/repository-access.ts";
import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { unary, type Rpc } from "../rpc.ts";
import { cursorFrom, cursorOf, ENTRY_KINDS, newestFirst, type Entry, type EntryRevision } from "./entry.ts";
import { gatherEntries } from "./gather.ts";

const PAGE = 50;
const LONGEST_PAGE = 200;

/** What happened to an application, newest first, a page at a time, for whoever may see it. */
export const timelineService: Record<string, Rpc> = {
  Get: unary<ApplicationCall>(forApplication("get", byName), async (request, call) => {
    const { before = "", kinds = [] } = request as { before?: string; kinds?: string[] };
    const limit = Math.min(LONGEST_PAGE, Number(request.limit ?? 0) > 0 ? Number(request.limit) : PAGE);
    const unknown = kinds.find((kind) => !ENTRY_KINDS.includes(kind as never));
    if (unknown !== undefined) throw invalid(`there is no kind ${JSON.stringify(unknown)} of entries; there are ${ENTRY_KINDS.join(", ")}`);
    const cursor = before === "" ? undefined : cursorFrom(before);
    if (before !== "" && cursor === undefined) throw invalid("before must be the `next` of an earlier answer");

    const { entries, missing } = await gatherEntries(call);
    const wanted = entries.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)).sort(newestFirst);
    const older = cursor === undefined ? wanted : wanted.filter((entry) => newestFirst(cursor as Entry, entry) < 0);
    const page = older.slice(0, limit);
    await describeRevisions(page, call);
    return { entries: page.map(shown), ...(older.length > limit && { next: cursorOf(page.at(-1)!) }), missing };
  }),
};

/** Adds author, date and message of each commit, asked once; a repository that does not answer leaves the commit by itself. */
async function describeRevisions(page: readonly Entry[], { app, ctx, signal }: ApplicationCall): Promise<void> {
  const wanted = new Map<string, EntryRevision[]>();
  for (const one of page.flatMap(({ revisions }) => revisions ?? [])) {
    if (one.revision === "" || one.repoURL === "") continue;
    const key = `${one.repoURL} ${one.revision}`;
    wanted.set(key, [...(wanted.get(key) ?? []), one]);
  }
  await Promise.all(
    [...wanted.values()].map(async (same) => {
      const { repoURL, revision } = same[0]!;
      try {
        const repository = accessOf(ctx.settings.current().repositories.access(repoURL, projectNameOf(app)), ctx);
        const { author, date, message, tags } = await ctx.repo.revisionMetadata({ repository, revision, checkSignature: false }, { signal });
        for (const one of same) Object.assign(one, { author, date, message, tags });
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        ctx.log.debug({ repo: repoURL, revision, error: (thrown as Error).message }, "revision not described");
      }
    }),
  );
}

function shown({ revisions, ...entry }: Entry): object {
  return { ...entry, ...(revisions && { revisions: revisions.map(({ sourceIndex: _, ...rest }) => rest) }) };
}
