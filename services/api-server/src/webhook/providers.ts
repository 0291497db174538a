import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { azurePush, bitbucketPush, bitbucketServerPush, githubPush, gitlabPush, gogsPush, type Push } from "./payloads.ts";

export type Headers = Record<string, string | undefined>;
export type Secrets = Readonly<Record<string, string>>;

export interface Provider {
  name: string;
  recognises(headers: Headers): boolean;
  /** Over the raw body, before anything of it is parsed. True too where no secret is configured. */
  verify(headers: Headers, body: Buffer, secrets: Secrets): boolean;
  /** Pushes in a body; other events are none. */
  pushes(headers: Headers, body: Record<string, any>): Push[];
}

/** In Argo CD's order: Gogs sends GitHub's headers too. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: "Azure DevOps",
    recognises: (headers) => headers["x-vss-activityid"] !== undefined,
    verify(headers, _body, secrets) {
      const user = secrets["webhook.azuredevops.username"] ?? "";
      const password = secrets["webhook.azuredevops.password"] ?? "";
      if (user === "" && password === "") return true;
      return sameText(headers["authorization"] ?? "", `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
    },
    pushes: (_headers, body) => (body["eventType"] === "git.push" ? azurePush(body) : []),
  },
  {
    name: "Gogs",
    recognises: (headers) => headers["x-gogs-event"] !== undefined || headers["x-gitea-event"] !== undefined,
    verify: (headers, body, secrets) => hmac(secrets["webhook.gogs.secret"], body, headers["x-gogs-signature"] ?? headers["x-gitea-signature"] ?? "", ""),
    pushes: (headers, body) => (["push", "create"].includes(headers["x-gogs-event"] ?? headers["x-gitea-event"] ?? "") ? gogsPush(body) : []),
  },
  {
    name: "GitHub",
    recognises: (headers) => headers["x-github-event"] !== undefined,
    verify: (headers, body, secrets) => hmac(secrets["webhook.github.secret"], body, headers["x-hub-signature-256"] ?? headers["x-hub-signature"] ?? "", headers["x-hub-signature-256"] !== undefined ? "sha256=" : "sha1="),
    pushes: (headers, body) => (headers["x-github-event"] === "push" ? githubPush(body) : []),
  },
  {
    name: "GitLab",
    recognises: (headers) => headers["x-gitlab-event"] !== undefined,
    verify(headers, _body, secrets) {
      const secret = secrets["webhook.gitlab.secret"] ?? "";
      return secret === "" || sameText(headers["x-gitlab-token"] ?? "", secret);
    },
    pushes: (headers, body) => (["Push Hook", "Tag Push Hook", "System Hook"].includes(headers["x-gitlab-event"] ?? "") ? gitlabPush(body) : []),
  },
  {
    name: "Bitbucket",
    recognises: (headers) => headers["x-hook-uuid"] !== undefined,
    verify(headers, _body, secrets) {
      const uuid = secrets["webhook.bitbucket.uuid"] ?? "";
      return uuid === "" || sameText(headers["x-hook-uuid"] ?? "", uuid);
    },
    pushes: (headers, body) => (headers["x-event-key"] === "repo:push" ? bitbucketPush(body) : []),
  },
  {
    name: "Bitbucket Server",
    recognises: (headers) => headers["x-event-key"] !== undefined,
    verify: (headers, body, secrets) => hmac(secrets["webhook.bitbucketserver.secret"], body, headers["x-hub-signature"] ?? "", "sha256="),
    pushes: (headers, body) => (headers["x-event-key"] === "repo:refs_changed" ? bitbucketServerPush(body) : []),
  },
];

function hmac(secret: string | undefined, body: Buffer, signature: string, prefix: "" | "sha256=" | "sha1="): boolean {
  if (secret === undefined || secret === "") return true;
  const algorithm = prefix === "sha1=" ? "sha1" : "sha256";
  return sameText(signature, prefix + createHmac(algorithm, secret).update(body).digest("hex"));
}

/** In the same time for any text. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
