import { tagsAt } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import { rfc3339 } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { listedRefs, resolveRevision } from "../revision/resolve.ts";
import { askedRepository } from "./requests.ts";

export function revisionMetadataHandler(ctx: Context): rpc.RepositoryHandlers["RevisionMetadata"] {
  return async (request, { signal }) => {
    const repository = ctx.git.open(askedRepository(request.repository));
    const options = { maxAgeMs: ctx.config.revisionCacheMs, signal };
    const { revision } = await resolveRevision(repository, request.revision, options);
    const { store } = await repository.snapshot(revision, signal);
    const commit = store.readCommit(revision);
    const refs = repository.knownRefs ?? (await listedRefs(repository, options));
    return {
      author: `${commit.author.name} <${commit.author.email}>`,
      date: rfc3339(commit.author.at * 1000),
      tags: tagsAt(refs, revision),
      message: commit.message.trim(),
      signatureInfo: "",
    };
  };
}
