import { DomainError } from "@trireme/api";
import type { repository as rpc } from "@trireme/rpc";
import { AppError, type Code } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { changedHandler } from "./changed.ts";
import { chartsHandler } from "./charts.ts";
import { inspectHandler } from "./inspect.ts";
import { listPathsHandler } from "./list-paths.ts";
import { listRefsHandler } from "./list-refs.ts";
import { renderHandler } from "./render.ts";
import { resolveHandler } from "./resolve.ts";
import { revisionMetadataHandler } from "./revision-metadata.ts";
import { tagsHandler } from "./tags.ts";
import { testHandler } from "./test.ts";

export function createHandlers(ctx: Context): rpc.RepositoryHandlers {
  return {
    Resolve: resolveHandler(ctx),
    Render: renderHandler(ctx),
    Inspect: inspectHandler(ctx),
    ListRefs: listRefsHandler(ctx),
    ListPaths: listPathsHandler(ctx),
    RevisionMetadata: revisionMetadataHandler(ctx),
    Charts: chartsHandler(ctx),
    Tags: tagsHandler(ctx),
    Test: testHandler(ctx),
    Changed: changedHandler(ctx),
  };
}

/** What the pure packages throw, as the services' own error. */
export function atTheEdge(thrown: unknown): unknown {
  if (!(thrown instanceof DomainError)) return thrown;
  return new AppError(thrown.message, { reason: thrown.reason, code: thrown.code as Code, retry: thrown.retry, cause: thrown, details: thrown.details });
}
