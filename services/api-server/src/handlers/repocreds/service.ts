import { isAlreadyExists } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import { normalizeGitUrl, repoCredsToData, secretNameFor, type RepoCreds, type Repositories } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { invalid, notFound } from "../../errors.ts";
import { deleteOwnedSecret, writeTypedSecret } from "../../state/typed-secrets.ts";
import { check, filter, unary, type Rpc } from "../rpc.ts";
import { canonical } from "../application/same-spec.ts";

interface Kind {
  resource: "repositories" | "write-repositories";
  secretType: "repo-creds" | "repo-write-creds";
  prefix: string;
  all(ctx: Context): Repositories;
}

const READ: Kind = { resource: "repositories", secretType: "repo-creds", prefix: "creds", all: (ctx) => ctx.settings.current().repositories };
const WRITE: Kind = { resource: "write-repositories", secretType: "repo-write-creds", prefix: "creds-write", all: (ctx) => ctx.settings.current().writeRepositories };

const list = (kind: Kind): Rpc =>
  unary(filter(kind.resource), async (_request, { ctx, caller }) => ({
    metadata: {},
    items: kind.all(ctx).templates.filter(({ creds }) => caller.allows(kind.resource, "get", creds.url)).map(({ creds }) => ({ url: creds.url, ...(creds.username && { username: creds.username }) })),
  }));

const create = (kind: Kind): Rpc =>
  unary(check(kind.resource, "create", (request) => request.creds?.url ?? ""), async (request, { ctx, caller, signal }) => {
    const sent = credsOf(request.creds);
    const existing = stored(kind, sent.url, ctx);
    if (existing !== undefined) {
      if (canonical(existing.creds) !== canonical(sent)) {
        if (request.upsert !== true) throw invalid("existing repository credentials spec is different; use upsert flag to force update", "CredentialsExist");
        caller.require(kind.resource, "update", sent.url);
        await writeTypedSecret(ctx, { name: existing.secret, type: kind.secretType, data: (old) => repoCredsToData(sent, old), create: false, signal });
      }
      return { url: sent.url };
    }
    try {
      await writeTypedSecret(ctx, { name: secretNameFor(kind.prefix, sent.url), type: kind.secretType, data: repoCredsToData(sent), create: true, signal });
    } catch (thrown) {
      if (isAlreadyExists(thrown)) throw new AppError(`repository credentials ${JSON.stringify(sent.url)} already exists`, { reason: "AlreadyExists", code: Code.AlreadyExists, retry: "never" });
      throw thrown;
    }
    return { url: sent.url };
  });

const update = (kind: Kind): Rpc =>
  unary(check(kind.resource, "update", (request) => request.creds?.url ?? ""), async (request, { ctx, signal }) => {
    const sent = credsOf(request.creds);
    const existing = stored(kind, sent.url, ctx);
    if (existing === undefined) throw notFound(`repository credentials ${JSON.stringify(sent.url)} not found`);
    await writeTypedSecret(ctx, { name: existing.secret, type: kind.secretType, data: (old) => repoCredsToData(sent, old), create: false, signal });
    return { url: sent.url };
  });

const remove = (kind: Kind): Rpc =>
  unary(check(kind.resource, "delete", (request) => request.url ?? ""), async (request, { ctx, signal }) => {
    const existing = stored(kind, request.url ?? "", ctx);
    if (existing === undefined) throw notFound(`repository credentials ${JSON.stringify(request.url ?? "")} not found`);
    await deleteOwnedSecret(ctx, existing.secret, signal);
    return {};
  });

/** The template with exactly this URL; a longer or shorter one is another. */
function stored(kind: Kind, url: string, ctx: Context) {
  const wanted = normalizeGitUrl(url);
  return kind.all(ctx).templates.find(({ creds }) => normalizeGitUrl(creds.url) === wanted);
}

function credsOf(sent: any): RepoCreds {
  const out = Object.fromEntries(Object.entries(sent ?? {}).filter(([, value]) => value !== "" && value !== false && value !== 0 && value !== null && value !== undefined));
  if (typeof out["url"] !== "string") throw invalid("must specify URL");
  return out as unknown as RepoCreds;
}

export const repoCredsService: Record<string, Rpc> = {
  ListRepositoryCredentials: list(READ),
  ListWriteRepositoryCredentials: list(WRITE),
  CreateRepositoryCredentials: create(READ),
  CreateWriteRepositoryCredentials: create(WRITE),
  UpdateRepositoryCredentials: update(READ),
  UpdateWriteRepositoryCredentials: update(WRITE),
  DeleteRepositoryCredentials: remove(READ),
  DeleteWriteRepositoryCredentials: remove(WRITE),
};
