/** What a push said: which repository, which ref, and the commit that the sender claims it is at now. */
export interface Push {
  /** Browser URLs of the repository, as the sender knows it; clone URLs are matched against them. */
  webUrls: string[];
  /** `refs/heads/main`, `refs/tags/v1`; "" for all. */
  ref: string;
  /** Never trusted to be the ref's: only fetched early. */
  commit: string | undefined;
  /** The ref is the repository's default branch: targets of HEAD follow it. */
  touchedHead: boolean;
}

type Json = Record<string, any>;

/** GitHub's `push`. */
export function githubPush(body: Json): Push[] {
  const { ref, after, repository } = body;
  if (typeof ref !== "string" || typeof repository?.html_url !== "string") return [];
  return [{ webUrls: urls(repository.html_url), ref, commit: sha(after), touchedHead: ref === `refs/heads/${repository.default_branch}` }];
}

/** GitLab's push, tag push and system hook. */
export function gitlabPush(body: Json): Push[] {
  const { ref, after, project } = body;
  const url = project?.web_url ?? project?.homepage ?? body["repository"]?.homepage;
  if (typeof ref !== "string" || typeof url !== "string") return [];
  return [{ webUrls: urls(url), ref, commit: sha(body["checkout_sha"] ?? after), touchedHead: ref === `refs/heads/${project?.default_branch}` }];
}

/** Gogs, Gitea and Forgejo. */
export function gogsPush(body: Json): Push[] {
  const { ref, after, repository } = body;
  if (typeof ref !== "string" || typeof repository?.html_url !== "string") return [];
  return [{ webUrls: urls(repository.html_url), ref, commit: sha(after), touchedHead: ref === `refs/heads/${repository.default_branch}` }];
}

/** Bitbucket Cloud: several refs in one push. It does not say which branch is the default. */
export function bitbucketPush(body: Json): Push[] {
  const url = body["repository"]?.links?.html?.href;
  const changes: Json[] = body["push"]?.changes ?? [];
  if (typeof url !== "string" || !Array.isArray(changes)) return [];
  return changes.slice(0, 50).flatMap(({ new: now }) => {
    if (typeof now?.name !== "string") return [];
    return [{ webUrls: urls(url), ref: `refs/${now.type === "tag" || now.type === "annotated_tag" ? "tags" : "heads"}/${now.name}`, commit: sha(now.target?.hash), touchedHead: true }];
  });
}

/** Bitbucket Server and Data Center: clone links instead of a browser URL. */
export function bitbucketServerPush(body: Json): Push[] {
  const links: Json[] = body["repository"]?.links?.clone ?? [];
  const webUrls = links.flatMap(({ href }) => (typeof href === "string" ? urls(href) : []));
  const changes: Json[] = body["changes"] ?? [];
  if (webUrls.length === 0 || !Array.isArray(changes)) return [];
  return changes.slice(0, 50).flatMap(({ ref, refId, toHash }) => {
    const name = ref?.id ?? refId;
    return typeof name === "string" ? [{ webUrls, ref: name, commit: sha(toHash), touchedHead: true }] : [];
  });
}

/** Azure DevOps' `git.push`. */
export function azurePush(body: Json): Push[] {
  const { resource } = body;
  const url = resource?.repository?.remoteUrl;
  const updates: Json[] = resource?.refUpdates ?? [];
  if (typeof url !== "string" || !Array.isArray(updates)) return [];
  return updates.slice(0, 50).flatMap(({ name, newObjectId }) => (typeof name === "string" ? [{ webUrls: urls(url), ref: name, commit: sha(newObjectId), touchedHead: name === resource.repository.defaultBranch }] : []));
}

function urls(url: string): string[] {
  return url.length > 2048 ? [] : [url];
}

function sha(text: unknown): string | undefined {
  return typeof text === "string" && /^[0-9a-f]{40}$/i.test(text) && !/^0+$/.test(text) ? text.toLowerCase() : undefined;
}
