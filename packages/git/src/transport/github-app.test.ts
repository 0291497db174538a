import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Code } from "@trireme/runtime";
import type { RepositoryAccess } from "../access.ts";
import { Git } from "../git.ts";
import { headOf } from "../refs.ts";
import { createTestRepository, startTestGithub, startTestGitServer, type TestGithub, type TestGitServer, type TestRepository } from "../testing/index.ts";

const MINUTE = 60_000;
let repository: TestRepository;
let server: TestGitServer;
let github: TestGithub;
let root: string;
let git: Git;
let now: number;

beforeEach(async () => {
  now = Date.now();
  repository = createTestRepository();
  server = await startTestGitServer({ root: repository.root, credentials: "robot:p" });
  github = await startTestGithub({ git: { url: server.url, user: "robot", password: "p" }, installations: [{ id: 6, account: "others" }, { id: 7, account: "Team" }, { id: 8, account: "third" }], pageSize: 1, now: () => now });
  root = mkdtempSync(path.join(tmpdir(), "trireme-git-store-"));
  git = new Git({ root, requestTimeoutMs: 2000, now: () => now });
});

afterEach(async () => {
  await git[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  repository[Symbol.dispose]();
  rmSync(root, { recursive: true, force: true });
});

const app = (more: Partial<RepositoryAccess> = {}): RepositoryAccess => ({ url: `${github.url}/team/app.git`, githubAppId: github.app, githubAppInstallationId: 7, githubAppPrivateKey: github.privateKey, githubAppEnterpriseBaseUrl: github.api, ...more });
const exchanges = (): string[] => github.asked.filter((one) => one.endsWith("/access_tokens"));

describe("a GitHub App", () => {
  it("signs in once for all that is asked and fetched, of all the owner's repositories", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    const [first, again] = await Promise.all([git.open(app()).refs(), git.open(app({ url: `${github.url}/team/app` })).refs()]);
    expect([headOf(first), headOf(again)]).toEqual([sha, sha]);
    await git.open(app()).snapshot(sha);
    await git.open(app()).snapshot(repository.commit({ "a.txt": "2" }));
    expect(github.asked).toEqual(["POST /app/installations/7/access_tokens"]);
    expect(github.fetched.length).toBeGreaterThan(3);
  });

  it("finds its installation by the repository's owner, whatever the case and on whichever page", async () => {
    repository.commit({ "a.txt": "1" });
    await git.open(app({ githubAppInstallationId: 0 })).refs();
    expect(github.asked).toEqual(["GET /app/installations", "GET /app/installations", "GET /app/installations", "POST /app/installations/7/access_tokens"]);
    now += 61 * MINUTE;
    await git.open(app({ githubAppInstallationId: 0 })).refs();
    expect(exchanges().length).toBe(2);
  });

  it("finds it again when it was installed anew", async () => {
    repository.commit({ "a.txt": "1" });
    await git.open(app({ githubAppInstallationId: 0 })).refs();
    github.installations = github.installations.map((one) => (one.id === 7 ? { ...one, id: 70 } : one));
    github.revoke();
    await git.open(app({ githubAppInstallationId: 0 })).refs();
    expect(exchanges()).toEqual(["POST /app/installations/7/access_tokens", "POST /app/installations/7/access_tokens", "POST /app/installations/70/access_tokens"]);
  });

  it("takes a new token shortly before the old one expires, and not earlier", async () => {
    repository.commit({ "a.txt": "1" });
    const opened = git.open(app());
    await opened.refs();
    now += 57 * MINUTE;
    await opened.refs();
    expect(exchanges().length).toBe(1);
    now += 2 * MINUTE;
    await opened.refs();
    expect(exchanges().length).toBe(2);
  });

  it("asks once for another token when Git does not take the one that it has", async () => {
    repository.commit({ "a.txt": "1" });
    const opened = git.open(app());
    await opened.refs();
    github.revoke();
    await opened.refs();
    expect(exchanges().length).toBe(2);
    server.fault = { kind: "status", status: 401, body: "go away" };
    await expect(opened.refs()).rejects.toMatchObject({ reason: "GitAuthenticationRequired", message: "authentication required: go away" });
    expect(exchanges().length).toBe(3);
  });

  it("stands behind a password, as with Argo CD", async () => {
    repository.commit({ "a.txt": "1" });
    await expect(git.open(app({ username: "ann", password: "p" })).refs()).rejects.toMatchObject({ reason: "GitAuthenticationRequired" });
    expect(github.asked).toEqual([]);
    await git.open(app({ username: "ann" })).refs();
    expect(exchanges().length).toBe(1);
  });

  it("is a user with a password to programs that know no apps", async () => {
    expect(await git.signedIn(app())).toMatchObject({ username: "x-access-token", password: github.tokens[0] });
    expect(await git.signedIn({ url: `${github.url}/team/app.git`, username: "ann" })).toEqual({ url: `${github.url}/team/app.git`, username: "ann" });
  });

  const other = (): string => generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } }).privateKey;
  test.each<{ name: string; access: () => Partial<RepositoryAccess>; reason: string; code: number; says: () => string }>([
    { name: "another app's key", access: () => ({ githubAppPrivateKey: other() }), reason: "GitHubAppRefused", code: Code.Unauthenticated, says: () => `GitHub App 4711 is not let in to ${github.url}/team/app.git: ${github.api}/app/installations/7/access_tokens answers 401: A JSON web token could not be decoded` },
    { name: "another app's number", access: () => ({ githubAppId: 12 }), reason: "GitHubAppRefused", code: Code.NotFound, says: () => "answers 404: Integration not found" },
    { name: "an installation that is not there", access: () => ({ githubAppInstallationId: 99 }), reason: "GitHubAppRefused", code: Code.NotFound, says: () => "/app/installations/99/access_tokens answers 404: Not Found" },
    { name: "an owner without an installation", access: () => ({ githubAppInstallationId: 0, url: `${github.url}/nobody/app.git` }), reason: "GitHubAppNotInstalled", code: Code.NotFound, says: () => `GitHub App 4711 is not installed for nobody of ${github.url}/nobody/app.git` },
    { name: "what is no key", access: () => ({ githubAppPrivateKey: "secret words" }), reason: "GitHubAppKeyInvalid", code: Code.InvalidArgument, says: () => `${github.url}/team/app.git: the private key of GitHub App 4711 is not an RSA key in PEM` },
    { name: "an address that is no GitHub", access: () => ({ githubAppEnterpriseBaseUrl: `${github.url}/team` }), reason: "GitHubAppRefused", code: Code.Unauthenticated, says: () => "/team/app/installations/7/access_tokens answers 401" },
    { name: "an address that is none", access: () => ({ githubAppEnterpriseBaseUrl: "ghe" }), reason: "InvalidRepositoryURL", code: Code.InvalidArgument, says: () => '"ghe" is not the URL of a GitHub Enterprise API' },
    { name: "a server that is not there", access: () => ({ githubAppEnterpriseBaseUrl: "http://127.0.0.1:1/api/v3" }), reason: "GitServerUnreachable", code: Code.Unavailable, says: () => "failed to reach http://127.0.0.1:1/api/v3/app/installations/7/access_tokens" },
  ])("with $name is told why, without a word of the key", async ({ access, reason, code, says }) => {
    repository.commit({ "a.txt": "1" });
    const thrown: unknown = await git.open(app(access())).refs().catch((error: unknown) => error);
    expect(thrown).toMatchObject({ reason, code, message: expect.stringContaining(says()) });
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toMatch(/PRIVATE KEY|secret words/);
  });

  it("shows its assertion to no other server", async () => {
    await using astray = await startTestGithub({ git: { url: server.url }, installations: github.installations, pageSize: 1, nextPage: `${github.api}/app/installations` });
    await expect(git.open(app({ githubAppInstallationId: 0, url: `${astray.url}/team/app.git`, githubAppEnterpriseBaseUrl: astray.api, githubAppId: astray.app, githubAppPrivateKey: astray.privateKey })).refs()).rejects.toThrow(`${astray.api}/app/installations?per_page=100 does not answer as GitHub's API`);
    expect(github.asked).toEqual([]);
  });

  it("that is suspended is told so, and may come back", async () => {
    repository.commit({ "a.txt": "1" });
    github.installations[1]!.suspended = true;
    await expect(git.open(app()).refs()).rejects.toMatchObject({ code: Code.PermissionDenied, message: expect.stringContaining("answers 403: This installation has been suspended") });
    github.installations[1]!.suspended = false;
    await git.open(app()).refs();
  });
});
