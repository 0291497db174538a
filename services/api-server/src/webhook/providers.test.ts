import { createHmac } from "node:crypto";
import { PROVIDERS, type Headers } from "./providers.ts";

const recognise = (headers: Headers) => PROVIDERS.find((provider) => provider.recognises(headers))!;
const sign = (algorithm: string, secret: string, body: Buffer) => createHmac(algorithm, secret).update(body).digest("hex");
const SHA = "0123456789abcdef0123456789abcdef01234567";

describe("webhook providers", () => {
  const cases: { name: string; headers: Headers; secrets: Record<string, string>; body: Record<string, any>; signed: (body: Buffer) => Headers; push: object }[] = [
    {
      name: "GitHub",
      headers: { "x-github-event": "push" },
      secrets: { "webhook.github.secret": "s" },
      body: { ref: "refs/heads/main", after: SHA, repository: { html_url: "https://github.test/o/r", default_branch: "main" } },
      signed: (body) => ({ "x-hub-signature-256": `sha256=${sign("sha256", "s", body)}` }),
      push: { ref: "refs/heads/main", commit: SHA, touchedHead: true, webUrls: ["https://github.test/o/r"] },
    },
    {
      name: "Gogs",
      headers: { "x-gogs-event": "push", "x-github-event": "push" },
      secrets: { "webhook.gogs.secret": "s" },
      body: { ref: "refs/heads/dev", after: SHA, repository: { html_url: "https://gogs.test/o/r", default_branch: "main" } },
      signed: (body) => ({ "x-gogs-signature": sign("sha256", "s", body) }),
      push: { ref: "refs/heads/dev", touchedHead: false },
    },
    {
      name: "Gogs",
      headers: { "x-gitea-event": "push" },
      secrets: { "webhook.gogs.secret": "s" },
      body: { ref: "refs/heads/main", after: SHA, repository: { html_url: "https://gitea.test/o/r", default_branch: "main" } },
      signed: (body) => ({ "x-gitea-signature": sign("sha256", "s", body) }),
      push: { ref: "refs/heads/main" },
    },
    {
      name: "GitLab",
      headers: { "x-gitlab-event": "Push Hook" },
      secrets: { "webhook.gitlab.secret": "s" },
      body: { ref: "refs/heads/main", after: SHA, checkout_sha: SHA, project: { web_url: "https://gitlab.test/g/r", default_branch: "main" } },
      signed: () => ({ "x-gitlab-token": "s" }),
      push: { ref: "refs/heads/main", commit: SHA, touchedHead: true },
    },
    {
      name: "Bitbucket",
      headers: { "x-hook-uuid": "u", "x-event-key": "repo:push" },
      secrets: { "webhook.bitbucket.uuid": "u" },
      body: { repository: { links: { html: { href: "https://bitbucket.test/o/r" } } }, push: { changes: [{ new: { type: "branch", name: "main", target: { hash: SHA } } }] } },
      signed: () => ({ "x-hook-uuid": "u" }),
      push: { ref: "refs/heads/main", commit: SHA },
    },
    {
      name: "Bitbucket Server",
      headers: { "x-event-key": "repo:refs_changed" },
      secrets: { "webhook.bitbucketserver.secret": "s" },
      body: { repository: { links: { clone: [{ href: "https://bb.test/scm/p/r.git" }, { href: "ssh://git@bb.test:7999/p/r.git" }] } }, changes: [{ ref: { id: "refs/tags/v1" }, toHash: SHA }] },
      signed: (body) => ({ "x-hub-signature": `sha256=${sign("sha256", "s", body)}` }),
      push: { ref: "refs/tags/v1", webUrls: ["https://bb.test/scm/p/r.git", "ssh://git@bb.test:7999/p/r.git"] },
    },
    {
      name: "Azure DevOps",
      headers: { "x-vss-activityid": "1" },
      secrets: { "webhook.azuredevops.username": "u", "webhook.azuredevops.password": "p" },
      body: { eventType: "git.push", resource: { repository: { remoteUrl: "https://dev.azure.test/o/p/_git/r", defaultBranch: "refs/heads/main" }, refUpdates: [{ name: "refs/heads/main", newObjectId: SHA }] } },
      signed: () => ({ authorization: `Basic ${Buffer.from("u:p").toString("base64")}` }),
      push: { ref: "refs/heads/main", commit: SHA, touchedHead: true },
    },
  ];

  test.each(cases)("$name: recognised, checked over the raw body, read", ({ name, headers, secrets, body, signed, push }) => {
    const raw = Buffer.from(JSON.stringify(body));
    const provider = recognise(headers);
    expect(provider.name).toBe(name);
    expect(provider.verify({ ...headers, ...signed(raw) }, raw, secrets)).toBe(true);
    expect(provider.verify(headers, raw, {})).toBe(true);
    expect(provider.verify({ ...headers, "x-hook-uuid": "other", "x-gitlab-token": "wrong", authorization: "Basic eA==", "x-hub-signature-256": "sha256=00" }, raw, secrets)).toBe(false);
    expect(provider.pushes(headers, body)).toEqual([expect.objectContaining(push)]);
  });

  test.each(cases)("$name: says nothing of bodies that hold something else", ({ headers }) => {
    for (const body of [{}, { ref: 1 }, { repository: null, resource: {}, push: { changes: "x" }, changes: 3, project: [] }]) expect(recognise(headers).pushes(headers, body)).toEqual([]);
  });
});
