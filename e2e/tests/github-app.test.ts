import { generateKeyPairSync } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { TestGithub } from "@trireme/git/testing";
import { Api, healthIs, syncIs } from "../support/api.ts";
import { OWNER, startGithub } from "../support/github.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";

const NAME = "github-app";
const manifest = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: "${value}"}\n`;

/** A repository that is read as a GitHub App, from its connection to what is deployed from it. The steps are one story. */
describe("a repository of GitHub, read by an app", () => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let github: TestGithub;
  let url: string;

  beforeAll(async () => {
    stack = await sharedStack();
    [api, repository, github] = await Promise.all([Api.signIn(stack), Repository.create(stack, NAME, { "app/settings.yaml": manifest("one") }), startGithub(stack)]);
    url = `${github.url}/${OWNER}/${NAME}.git`;
  });
  afterAll(async () => {
    await api.call("DELETE", `/api/v1/applications/${NAME}?cascade=true`);
    await api.call("DELETE", `/api/v1/repositories/${encodeURIComponent(url)}`);
    await api.call("DELETE", `/api/v1/repocreds/${encodeURIComponent(`${github.url}/${OWNER}`)}`);
    await repository[Symbol.asyncDispose]();
    await github[Symbol.asyncDispose]();
  });

  const app = (more: object = {}): object => ({ type: "git", repo: url, githubAppID: github.app, githubAppPrivateKey: github.privateKey, githubAppEnterpriseBaseUrl: github.api, ...more });
  const secrets = (type: string): Promise<string> => mustKubectl(stack, ["-n", "argocd", "get", "secrets", "-l", `argocd.argoproj.io/secret-type=${type}`, "-o", "json"]);
  const base64 = (text: string | number): string => Buffer.from(String(text)).toString("base64");
  const exchanges = (): number => github.asked.filter((one) => one.endsWith("/access_tokens")).length;
  const deployed = (): Promise<string> => mustKubectl(stack, ["-n", NAME, "get", "configmap", "settings", "-o", "jsonpath={.data.value}"]);

  it("is refused in GitHub's own words where the key is another's, and nothing is stored", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } });
    const { status, body } = await api.call("POST", "/api/v1/repositories", app({ githubAppInstallationID: 12, githubAppPrivateKey: privateKey }));
    expect([status, body.message]).toEqual([500, expect.stringContaining(`GitHub App ${github.app} is not let in to ${url}: ${github.api}/app/installations/12/access_tokens answers 401: A JSON web token could not be decoded`)]);
    expect(await secrets("repository")).not.toContain(base64(url));
  });

  it("is connected with the app's key alone, which no answer gives back", async () => {
    const { text } = await api.must("POST", "/api/v1/repositories", app());
    expect(github.asked).toContain("POST /app/installations/12/access_tokens");
    const listed = await api.must("GET", "/api/v1/repositories?forceRefresh=true");
    expect(listed.body.items.find((item: any) => item.repo === url)).toMatchObject({ githubAppID: github.app, githubAppEnterpriseBaseUrl: github.api, connectionState: { status: "Successful" } });
    const one = await api.must("GET", `/api/v1/repositories/${encodeURIComponent(url)}`);
    for (const answer of [text, listed.text, one.text]) expect(answer).not.toContain("PRIVATE KEY");
    const { data } = JSON.parse(await secrets("repository")).items.find((item: any) => item.data.url === base64(url));
    expect(data).toMatchObject({ githubAppID: base64(github.app), githubAppPrivateKey: base64(github.privateKey), githubAppEnterpriseBaseUrl: base64(github.api) });
  });

  it("is deployed from, commit after commit, with the one token", async () => {
    await api.must("POST", "/api/v1/applications", { metadata: { name: NAME }, spec: { project: "default", source: { repoURL: url, path: "app", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: NAME }, syncPolicy: { automated: {}, syncOptions: ["CreateNamespace=true"] } } });
    await api.becomes(NAME, syncIs("Synced", await repository.head()), healthIs("Healthy"));
    expect(await deployed()).toBe("one");
    const commit = await repository.push("Two", { "app/settings.yaml": manifest("two") });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await api.becomes(NAME, syncIs("Synced", commit));
    expect(await deployed()).toBe("two");
    expect(exchanges()).toBe(2);
    expect(github.tokens.length).toBe(1);
  });

  it("goes on with another token when GitHub took the first one back", async () => {
    github.revoke();
    const commit = await repository.push("Three", { "app/settings.yaml": manifest("three") });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await api.becomes(NAME, syncIs("Synced", commit));
    expect(github.tokens.length).toBe(2);
  });

  it("says what GitHub says when the app is shut out, and goes on when it is let in again", async () => {
    const [, installation] = github.installations;
    installation!.suspended = true;
    github.revoke();
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=hard`);
    const { body } = await api.must("GET", `/api/v1/repositories/${encodeURIComponent(url)}?forceRefresh=true`);
    expect(body.connectionState).toMatchObject({ status: "Failed", message: expect.stringContaining("answers 403: This installation has been suspended") });
    installation!.suspended = false;
    expect((await api.must("GET", `/api/v1/repositories/${encodeURIComponent(url)}?forceRefresh=true`)).body.connectionState).toMatchObject({ status: "Successful" });
  });

  it("may come from a template with the app's key", async () => {
    await api.must("DELETE", `/api/v1/repositories/${encodeURIComponent(url)}`);
    const { text } = await api.must("POST", "/api/v1/repocreds", { url: `${github.url}/${OWNER}`, type: "git", githubAppID: github.app, githubAppInstallationID: 12, githubAppPrivateKey: github.privateKey, githubAppEnterpriseBaseUrl: github.api });
    expect(text).not.toContain("PRIVATE KEY");
    expect((await api.must("GET", "/api/v1/repocreds")).text).not.toContain("PRIVATE KEY");
    expect(await secrets("repo-creds")).toContain(base64(github.privateKey));
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: url });
    const { body } = await api.must("GET", `/api/v1/repositories/${encodeURIComponent(url)}`);
    expect(body).toMatchObject({ inheritedCreds: true, connectionState: { status: "Successful" } });
    const commit = await repository.push("Four", { "app/settings.yaml": manifest("four") });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await api.becomes(NAME, syncIs("Synced", commit));
  });

  it("leaves no trace of key or token in what the processes say", async () => {
    const files = (await readdir(stack.logs)).map((file) => path.join(stack.logs, file));
    const said = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
    expect(said).toContain("repo-server");
    for (const secret of ["PRIVATE KEY", github.privateKey.split("\n")[1]!, ...github.tokens]) expect(said.includes(secret)).toBe(false);
  });
});
