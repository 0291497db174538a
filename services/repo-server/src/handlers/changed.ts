import { diffTrees, repositoryKey, type Repository, type Snapshot } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import { asAppError } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { resolveRevision } from "../revision/resolve.ts";
import { followsRevision } from "../render/environment.ts";
import { stillHolds } from "../source/inputs.ts";
import { isOci } from "../source/oci-registry.ts";
import { compileGlob } from "../source/glob.ts";
import { askedRepository } from "./requests.ts";

/** Where a target is now, and which renders its commits touch: one advertisement, at most one fetch, no render. */
export function changedHandler(ctx: Context): rpc.RepositoryHandlers["Changed"] {
  return async (request, { signal }) => {
    const access = askedRepository(request.repository);
    // A chart's versions are told by its index, and which chart it is only the render knows.
    if (access.type === "helm" || isOci(access)) return { revision: request.targetRevision, touched: request.known.map(() => true) };
    const repository = ctx.git.open(access);
    // The hint is only a head start: what it brings is needed or not, what it fails at is not told.
    if (/^[0-9a-f]{40}$/.test(request.hintRevision)) repository.ensure([request.hintRevision], signal).catch(() => undefined);
    const { revision } = await resolveRevision(repository, request.targetRevision, { maxAgeMs: request.maxAgeMs, signal });
    if (request.known.every((known) => known.revision === revision)) return { revision, touched: request.known.map(() => false) };

    const now = await repository.snapshot(revision, signal);
    const url = repositoryKey(access.url);
    const diffs = new Map<string, Promise<string[] | undefined>>();
    const changedPaths = (from: string): Promise<string[] | undefined> => {
      let paths = diffs.get(from);
      if (paths === undefined) diffs.set(from, (paths = pathsBetween(repository, from, now, signal)));
      return paths;
    };
    const touched = await Promise.all(request.known.map((known) => isTouched(ctx, known, url, now, changedPaths)));
    return { revision, touched };
  };
}

async function isTouched(ctx: Context, known: rpc.KnownRender, url: string, now: Snapshot, changedPaths: (from: string) => Promise<string[] | undefined>): Promise<boolean> {
  if (known.revision === now.commit) return false;
  if (known.generatePaths.length > 0) {
    const paths = await changedPaths(known.revision);
    // No change at all counts as one, as in Argo CD: the hint says nothing then.
    if (paths !== undefined && paths.length > 0 && !paths.some((path) => known.generatePaths.some((wanted) => fits(wanted, path)))) return false;
  }
  const inputs = await ctx.cache.inputs(known.inputsKey);
  if (inputs === undefined || !inputs.repositories.includes(url)) return true;
  return inputs.entries.some((input) => (input.kind === "environment" ? followsRevision(input.path) : inputs.repositories[input.repository] === url && !stillHolds(now.store, now.tree, input)));
}

async function pathsBetween(repository: Repository, from: string, now: Snapshot, signal: AbortSignal): Promise<string[] | undefined> {
  try {
    const before = await repository.snapshot(from, signal);
    return [...diffTrees(now.store, before.tree, now.tree)].map((change) => change.path);
  } catch (error) {
    if (signal.aborted) throw asAppError(error);
    return undefined;
  }
}

/** A path of `manifest-generate-paths`: the file itself, a directory above it, or a pattern. */
function fits(wanted: string, path: string): boolean {
  const clean = wanted.replace(/^\/+/, "").replace(/\/+$/, "");
  if (clean === "" || clean === "." || path === clean || path.startsWith(`${clean}/`)) return true;
  try {
    return compileGlob(clean, "/").matches(path);
  } catch {
    return false;
  }
}
