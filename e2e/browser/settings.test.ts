import { generateKeyPairSync } from "node:crypto";
import type { Page } from "playwright-core";
import { describePage, signInto } from "../support/browser.ts";
import type { Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const PROJECT = "payments";
const ROLE = "ci";
const POLICY = `p, proj:${PROJECT}:${ROLE}, applications, sync, ${PROJECT}/*, allow`;
const PASSWORD = "a-password-of-ann";

/** What an installation is set up with. */
await describePage("the settings", (launch) => {
  const tests = new PageTests(launch);
  let stack: OwnStack;
  let api: Api;
  let page: Page;

  beforeAll(async () => {
    ({ stack, api } = await tests.begin(startStack()));
    await mustKubectl(stack, ["-n", "argocd", "patch", "configmap", "argocd-cm", "--type=merge", "-p", JSON.stringify({ data: { "accounts.ann": "login, apiKey", "accounts.bot": "apiKey" } })]);
    await mustKubectl(stack, ["-n", "argocd", "patch", "configmap", "argocd-rbac-cm", "--type=merge", "-p", JSON.stringify({ data: { "policy.csv": "p, ann, projects, get, *, allow\np, ann, clusters, get, *, allow\np, ann, repositories, get, *, allow" } })]);
    await until("the accounts", async () => (await api.must("GET", "/api/v1/account")).body.items.map(({ name }: { name: string }) => name), (names) => names.includes("ann") || { notYet: names.join(", ") }, 30_000);
    page = await tests.openSignedIn();
  }, 240_000);

  const box = (name: string) => page.getByRole("textbox", { name, exact: true });
  const addTo = (what: string) => page.getByRole("button", { name: `Add to: ${what}` }).click();
  const project = async (): Promise<any> => (await api.must("GET", `/api/v1/projects/${PROJECT}`)).body;
  const userOf = async (token: string): Promise<any> => (await fetch(`${stack.url}/api/v1/session/userinfo`, { headers: { authorization: `Bearer ${token}` } })).json();
  const saved = () => page.getByRole("button", { name: "Save", exact: true }).and(page.locator("[disabled]")).waitFor();
  /** Makes a token as it is asked for on the page, and has it there once. */
  const makeToken = async (within: ReturnType<Page["locator"]>, id: string): Promise<string> => {
    await within.getByRole("textbox", { name: "Name of the token (optional)" }).fill(id);
    await within.getByRole("combobox", { name: "Lasts" }).selectOption({ label: "30 days" });
    await within.getByRole("button", { name: "Create token" }).click();
    const token = (await within.getByTestId("token").textContent())!;
    await within.getByRole("button", { name: "I have kept it" }).click();
    expect(await page.content()).not.toContain(token);
    return token;
  };
  const revoke = async (within: ReturnType<Page["locator"]>, id: string): Promise<void> => {
    await within.locator(`[data-token=${id}]`).getByRole("button", { name: "Revoke" }).click();
    await within.locator(`[data-token=${id}]`).getByRole("button", { name: "Revoke now" }).click();
    await within.locator(`[data-token=${id}]`).waitFor({ state: "detached" });
  };

  it("make a project, with all that its applications may use, when, and by whom they are synced", async () => {
    await page.goto(`${stack.url}/settings`);
    await page.getByRole("link", { name: "Projects", exact: true }).click();
    await page.getByRole("button", { name: "NEW PROJECT" }).click();
    await box("Name").fill(PROJECT);
    await box("Description").fill("Money");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("heading", { name: PROJECT, level: 1 }).waitFor();
    await addTo("Source repositories");
    await box("Source repositories").fill("https://git.example.com/payments/*");
    await addTo("Destinations");
    await box("Server").fill("https://kubernetes.default.svc");
    await page.locator("[data-rows=Destinations]").getByRole("textbox", { name: "Namespace" }).fill("payments-*");
    await addTo("Cluster-wide kinds allowed");
    await page.getByRole("combobox", { name: "Kinds allowed in namespaces" }).selectOption({ label: "Only chosen kinds" });
    await addTo("Only these kinds");
    const kinds = page.locator("[data-rows='Only these kinds']");
    await kinds.getByRole("textbox", { name: "API group" }).fill("apps");
    await kinds.getByRole("textbox", { name: "Kind" }).fill("Deployment");
    await page.getByRole("checkbox", { name: /Look for them/ }).check();
    await addTo("Sync windows");
    await page.getByRole("combobox", { name: "Window" }).selectOption({ label: "Deny" });
    await box("Begins (cron)").fill("* * * * *");
    await box("Duration").fill("24h");
    await addTo("Roles");
    await box("Role").fill(ROLE);
    await box("Policies").fill(POLICY);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved();
    expect((await project()).spec).toMatchObject({
      description: "Money",
      sourceRepos: ["https://git.example.com/payments/*"],
      destinations: [{ server: "https://kubernetes.default.svc", namespace: "payments-*" }],
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      namespaceResourceWhitelist: [{ group: "apps", kind: "Deployment" }],
      orphanedResources: { warn: true },
      syncWindows: [{ kind: "deny", schedule: "* * * * *", duration: "24h", applications: ["*"] }],
      roles: [{ name: ROLE, policies: [POLICY] }],
    });
    await page.getByText("Denies now").waitFor();
    await page.goto(`${stack.url}/settings/projects`);
    await page.locator(`[data-project=${PROJECT}]`).getByText("1 sources · 1 destinations · 1 roles").waitFor();
  }, 120_000);

  it("say what the server refuses of a project, and keep what was written", async () => {
    await page.goto(`${stack.url}/settings/projects/${PROJECT}`);
    await box("Duration").fill("for a while");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "for a while" }).waitFor();
    expect(await box("Duration").inputValue()).toBe("for a while");
    await page.getByRole("button", { name: "Undo changes" }).click();
    expect(await box("Duration").inputValue()).toBe("24h");
  }, 60_000);

  it("keep what is being written of a project while somebody else changes it, and put it on top", async () => {
    await page.goto(`${stack.url}/settings/projects/${PROJECT}`);
    await box("Description").first().fill("Money, and what is owed");
    const now = await project();
    await api.must("PUT", `/api/v1/projects/${PROJECT}`, { project: { ...now, spec: { ...now.spec, sourceRepos: ["*"] } } });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Somebody else has changed this project meanwhile").waitFor();
    expect(await box("Description").first().inputValue()).toBe("Money, and what is owed");
    await page.getByRole("button", { name: "Put my changes on top" }).click();
    expect([await box("Description").first().inputValue(), await box("Source repositories").inputValue()]).toEqual(["Money, and what is owed", "*"]);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved();
    expect((await project()).spec).toMatchObject({ description: "Money, and what is owed", sourceRepos: ["*"] });
  }, 60_000);

  it("give a role of a project a token, once, which counts until it is revoked", async () => {
    await page.goto(`${stack.url}/settings/projects/${PROJECT}`);
    const tokens = page.locator(`[data-tokens=${ROLE}]`);
    const token = await makeToken(tokens, "pipeline");
    expect(await userOf(token)).toMatchObject({ loggedIn: true, username: `proj:${PROJECT}:${ROLE}` });
    await tokens.locator("[data-token=pipeline]").getByText("Expires").waitFor();
    await revoke(tokens, "pipeline");
    await until("the token to count no more", () => userOf(token), ({ loggedIn }) => loggedIn !== true || { notYet: "it does" }, 30_000);
  }, 60_000);

  it("change an account's password, and give it a token until it is revoked", async () => {
    await page.goto(`${stack.url}/settings/accounts`);
    await page.locator("[data-account=ann]").getByRole("link", { name: "ann" }).click();
    const password = (label: string) => page.getByLabel(label, { exact: true }).and(page.locator("input"));
    await password("Your own password, to confirm").fill("not-this-one");
    await password("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").filter({ hasText: /password/i }).waitFor();
    await password("Your own password, to confirm").fill(stack.adminPassword);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("The password is changed.").waitFor();
    const own = page.locator(".panel").filter({ has: page.getByRole("heading", { name: "Tokens" }) });
    const token = await makeToken(own, "laptop");
    expect(await userOf(token)).toMatchObject({ loggedIn: true, username: "ann" });
    await revoke(own, "laptop");
    await until("the token to count no more", () => userOf(token), ({ loggedIn }) => loggedIn !== true || { notYet: "it does" }, 30_000);
    // An account that has no password is offered none.
    await page.goto(`${stack.url}/settings/accounts/bot`);
    await page.getByRole("heading", { name: "Tokens" }).waitFor();
    expect(await page.getByRole("button", { name: "Change password" }).count()).toBe(0);
  }, 60_000);

  it("show and change a cluster", async () => {
    await page.goto(`${stack.url}/settings/clusters`);
    await page.locator("[data-cluster='https://kubernetes.default.svc']").getByRole("link").click();
    await page.getByText("No application goes to this cluster").waitFor();
    await box("Project (empty: every project)").fill(PROJECT);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved();
    const cluster = async () => (await api.must("GET", `/api/v1/clusters/${encodeURIComponent("https://kubernetes.default.svc")}`)).body;
    expect(await cluster()).toMatchObject({ name: "in-cluster", project: PROJECT });
    await box("Project (empty: every project)").fill("");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved();
    expect((await cluster()).project ?? "").toBe("");
    await page.getByRole("button", { name: "Read everything again" }).click();
    await page.getByRole("button", { name: "Read everything again" }).and(page.locator(":not([data-loading])")).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  }, 60_000);

  it("keep the host keys and certificates of repositories' servers, and name the line that is none", async () => {
    const hosts = async (): Promise<any[]> => (await api.must("GET", "/api/v1/certificates?hostNamePattern=git.payments.example.com")).body.items ?? [];
    await page.goto(`${stack.url}/settings/certs`);
    await page.getByRole("button", { name: "Add known hosts" }).click();
    const { publicKey } = generateKeyPairSync("ed25519");
    const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const line = `git.payments.example.com ssh-ed25519 ${Buffer.concat([part(Buffer.from("ssh-ed25519")), part(key)]).toString("base64")}`;
    for (const wrong of ["nonsense", "git.example.com ssh-ed25519 AAAA"]) {
      await box("Lines of known_hosts").fill(`${line}\n${wrong}`);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("alert").filter({ hasText: wrong.split(" ").at(-1)! }).waitFor();
    }
    expect((await hosts()).length).toBe(0);
    await box("Lines of known_hosts").fill(line);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: "git.payments.example.com" });
    await row.waitFor();
    expect(await hosts()).toMatchObject([{ serverName: "git.payments.example.com", certType: "ssh", certSubType: "ssh-ed25519" }]);
    await row.getByRole("button", { name: "Delete" }).click();
    await row.getByRole("button", { name: "Delete now" }).click();
    await row.waitFor({ state: "detached" });
  }, 60_000);

  it("keep credentials as a template, which opens every repository below its URL", async () => {
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    const below = stack.git.sample.replace(/[^/]*$/, "");
    await box("Repository URL").fill(below);
    await box("User name").fill(stack.git.user);
    await page.getByLabel("Password or token", { exact: true }).and(page.locator("input")).fill(stack.git.token);
    await page.getByRole("button", { name: "Save as template" }).click();
    await page.locator(`[data-template="${below}"]`).waitFor();
    expect(await page.content()).not.toContain(stack.git.token);
    await page.getByRole("button", { name: "CONNECT REPO" }).click();
    await box("Repository URL").fill(stack.git.sample);
    await page.getByRole("button", { name: "CONNECT", exact: true }).click();
    const card = page.locator(`[data-repo="${stack.git.sample}"]`);
    await card.getByText("credentials from a template").waitFor();
    await card.locator("[data-state=Successful]").waitFor();
    await card.getByRole("button", { name: "Disconnect" }).click();
    await card.getByRole("button", { name: "Disconnect now" }).click();
    await card.waitFor({ state: "detached" });
    await page.locator(`[data-template="${below}"]`).getByRole("button", { name: "Delete" }).click();
    await page.locator(`[data-template="${below}"]`).getByRole("button", { name: "Delete now" }).click();
    await page.getByText("There is no template.").waitFor();
  }, 60_000);

  it("say which permission is missing, before anything is tried", async () => {
    const other = await tests.openAnother();
    await signInto(other.page, { url: stack.url, adminPassword: PASSWORD }, "ann");
    const blocked = async (button: string, words: string): Promise<void> => {
      const refused = other.page.getByRole("button", { name: button, exact: true });
      await refused.and(other.page.locator("[aria-disabled=true], [disabled], [data-disabled]")).first().waitFor();
      await refused.hover({ force: true });
      await other.page.getByRole("tooltip").getByText(words).waitFor();
    };
    await other.page.goto(`${stack.url}/settings/projects/${PROJECT}`);
    await blocked("Delete", `Not allowed: projects, delete, ${PROJECT}`);
    expect(await other.page.getByRole("textbox", { name: "Source repositories" }).getAttribute("readonly")).not.toBeNull();
    await other.page.goto(`${stack.url}/settings/projects`);
    await blocked("NEW PROJECT", "Not allowed: projects, create");
    await other.page.goto(`${stack.url}/settings/repos`);
    await blocked("CONNECT REPO", "Not allowed: repositories, create");
    await other.page.goto(`${stack.url}/settings/certs`);
    await blocked("Add known hosts", "Not allowed: certificates, create");
    // What everybody may do for themselves they may do.
    await other.page.goto(`${stack.url}/settings/accounts/ann`);
    await other.page.getByRole("button", { name: "Create token" }).and(other.page.locator(":not([disabled]):not([data-disabled])")).waitFor();
    expect(other.complaints).toEqual([]);
    await other.close();
  }, 60_000);

  it("tell who one is and what one may do", async () => {
    await page.goto(`${stack.url}/user-info`);
    await page.locator("dd").getByText("admin", { exact: true }).waitFor();
    const rights = page.locator(".right");
    await until("each right to be known", async () => [await rights.count(), await page.locator(".right.yes").count()], ([all, yes]) => (all! > 20 && all === yes) || { notYet: `${yes} of ${all} are allowed` }, 30_000);
    await page.goto(`${stack.url}/settings/gpgkeys`);
    await page.getByRole("paragraph").filter({ hasText: "Commit signatures are not verified yet" }).waitFor();
    expect(await page.getByRole("button", { name: "Add GnuPG key" }).isDisabled()).toBe(true);
  }, 60_000);

  it("delete a project once it is sure, and say why one cannot be", async () => {
    await page.goto(`${stack.url}/settings/projects/${PROJECT}`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete now" }).click();
    await page.getByRole("heading", { name: "Projects", level: 1 }).waitFor();
    await page.locator(`[data-project=${PROJECT}]`).waitFor({ state: "detached" });
    await page.goto(`${stack.url}/settings/projects/default`);
    await page.getByRole("button", { name: "Delete", exact: true }).hover({ force: true });
    await page.getByRole("tooltip").getByText("The project default is always there.").waitFor();
  }, 60_000);
});
