import { commitOf, findRef, headOf, type RefSnapshot, type Repository, tagsOf } from "@trireme/git";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { highestMatching, parseConstraint, parseVersion } from "./semver.ts";

export interface ResolvedRevision {
  /** Full commit id. */
  revision: string;
  /** What was followed, for people: `main (4f2c…)`; empty where the target was the commit itself. */
  ambiguousRevision: string;
}

export interface ResolveOptions {
  /** A list of refs at most this old will do; 0: ask. */
  maxAgeMs: number;
  tagPrefix?: string;
  signal?: AbortSignal;
}

export function isCommitSha(text: string): boolean {
  return /^[0-9a-fA-F]{40}$/.test(text);
}

/**
 * What a target revision means now, as Argo CD reads it: a full commit id is itself; then a semver constraint over
 * the tags; then a branch or tag by name; then the beginning of a commit id.
 * @throws AppError RevisionNotFound, in Argo's words; or what the server said.
 */
export async function resolveRevision(repository: Repository, target: string, options: ResolveOptions): Promise<ResolvedRevision> {
  if (isCommitSha(target)) return { revision: target.toLowerCase(), ambiguousRevision: "" };
  const refs = await listedRefs(repository, options);
  const name = wantedName(target === "" ? "HEAD" : target, refs, options.tagPrefix ?? "");

  const commit = name === "HEAD" ? headOf(refs) : await namedCommit(repository, refs, name, options.signal);
  if (commit !== undefined) return { revision: commit, ambiguousRevision: `${target === "" ? "HEAD" : target} (${commit})` };

  if (/^[0-9a-fA-F]{7,39}$/.test(name)) {
    const found = await repository.commitsStartingWith(name.toLowerCase(), options.signal);
    if (found.length === 1) return { revision: found[0]!, ambiguousRevision: `${target} (${found[0]})` };
    if (found.length > 1) throw notFound(repository, target, `unable to resolve '${target}' to a commit SHA: ${found.length} commits begin with it`);
  }
  throw notFound(repository, target, `unable to resolve '${target}' to a commit SHA`);
}

/** The server's refs; failures say which repository and that it was about its refs. */
export async function listedRefs(repository: Repository, options: { maxAgeMs: number; signal?: AbortSignal }): Promise<RefSnapshot> {
  try {
    return await repository.refs(options);
  } catch (thrown) {
    throw refsFailure(repository.url, thrown);
  }
}

export function refsFailure(url: string, thrown: unknown): AppError {
  const error = asAppError(thrown);
  if (error.code === Code.Canceled) return error;
  const where = error.message.includes(url) ? "" : ` (${url})`;
  return new AppError(`failed to list refs: ${error.message}${where}`, { reason: error.reason, code: error.code, retry: error.retry, cause: error, details: { ...error.details, repository: url } });
}

function wantedName(target: string, refs: RefSnapshot, tagPrefix: string): string {
  // A whole version is a name, not a range: `v1.2` means the tag of that name.
  if (parseVersion(target) !== undefined) return tagPrefix + target;
  const constraint = parseConstraint(target);
  if (constraint === undefined) {
    if (tagPrefix !== "") throw new AppError(`tagPrefix ${JSON.stringify(tagPrefix)} requires targetRevision to be a semver constraint, but ${JSON.stringify(target)} is not a valid constraint`, { reason: "RevisionNotFound", code: Code.Unknown, retry: "never" });
    return target;
  }
  const versions = tagsOf(refs).filter((tag) => tag.startsWith(tagPrefix)).map((tag) => tag.slice(tagPrefix.length));
  const best = highestMatching(versions, constraint);
  return best === undefined ? target : tagPrefix + best.original;
}

async function namedCommit(repository: Repository, refs: RefSnapshot, name: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const known = findRef(refs, name);
  if (known !== undefined) return commitOf(known);
  if (!name.startsWith("refs/") || name.startsWith("refs/heads/") || name.startsWith("refs/tags/")) return undefined;
  const special = findRef(await repository.refsUnder(name, signal), name);
  return special === undefined ? undefined : commitOf(special);
}

function notFound(repository: Repository, target: string, message: string): AppError {
  return new AppError(message, { reason: "RevisionNotFound", code: Code.Unknown, retry: "later", details: { repository: repository.url, revision: target } });
}
