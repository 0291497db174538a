import { createHmac } from "node:crypto";

export interface Push {
  /** As people write it, without `.git`. */
  repository: string;
  branch: string;
  before?: string;
  after: string;
}

/** What each Git host sends when somebody pushes: headers and body. */
export const senders = {
  github({ repository, branch, before, after }: Push, secret?: string) {
    const body = JSON.stringify({ ref: `refs/heads/${branch}`, before, after, repository: { html_url: repository, clone_url: `${repository}.git`, default_branch: "main" }, commits: [] });
    return { headers: { "x-github-event": "push", ...(secret !== undefined && { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` }) }, body };
  },
  gitlab({ repository, branch, before, after }: Push, secret?: string) {
    const body = JSON.stringify({ object_kind: "push", ref: `refs/heads/${branch}`, before, after, checkout_sha: after, project: { web_url: repository, git_http_url: `${repository}.git`, default_branch: "main" }, commits: [] });
    return { headers: { "x-gitlab-event": "Push Hook", ...(secret !== undefined && { "x-gitlab-token": secret }) }, body };
  },
  gitea({ repository, branch, before, after }: Push, secret?: string) {
    const body = JSON.stringify({ ref: `refs/heads/${branch}`, before, after, repository: { html_url: repository, clone_url: `${repository}.git`, default_branch: "main" }, commits: [] });
    return { headers: { "x-gitea-event": "push", "x-gogs-event": "push", "x-github-event": "push", ...(secret !== undefined && { "x-gogs-signature": createHmac("sha256", secret).update(body).digest("hex") }) }, body };
  },
};
