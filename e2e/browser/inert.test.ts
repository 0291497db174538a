import type { Browser, Page } from "playwright-core";
import { describePage, openWindow, signInto, type Window } from "../support/browser.ts";
import { Api, condition, phaseIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { startProxy, type Proxy } from "../support/proxy.ts";
import { Repository } from "../support/repository.ts";
import { sample } from "../support/sample.ts";
import { sharedStack, type Stack } from "../support/stack.ts";

const NAME = "inert";
const BROKEN = "inert-broken";
const PROJECT = "inert-project";

/** Would call `hacked()` if any of it became markup, script or style. */
const MARKUP = `"'><img src=x onerror=hacked()><script>hacked()</script><svg onload=hacked()>\${hacked()}{{hacked()}}`;
const SCRIPT = "javascript:hacked()";
const SECRET = "the-secret-that-no-page-holds";
const LATER = "the-secret-that-somebody-wrote";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const quoted = JSON.stringify;
const FILES = {
  "app/web.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {evil: ${quoted(MARKUP)}, link.argocd.argoproj.io/evil: ${quoted(SCRIPT)}, link.argocd.argoproj.io/titled: ${quoted(`Click here|${SCRIPT}`)}, link.argocd.argoproj.io/good: ${quoted("<b>Good</b>|https://good.example.com/")}}}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "example/web:1", env: [{name: EVIL, value: ${quoted(MARKUP)}}]}]}}\n`,
  "app/config.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {evil: ${quoted(MARKUP)}, link: ${quoted(SCRIPT)}}\n`,
  "app/secret.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: keys, annotations: {note: ${quoted(MARKUP)}}}\nstringData: {key: ${SECRET}}\n`,
};

const object = (kind: string, name: string, tab: string): string => `applications/argocd/${NAME}?node=${encodeURIComponent(`${kind}/${NAME}/${name}`)}&tab=${tab}`;
const VIEWS = [
  ...["", "view=network", "view=pods", "view=list", "view=timeline", "panel=diff", "panel=operation", "panel=history&entry=0", "panel=parameters", "panel=details", "panel=manifest", "panel=events", "deploy=all", "delete=true"].map((query) => `applications/argocd/${NAME}?${query}`),
  ...["summary", "diff", "manifest", "events", "logs", "actions", "delete"].map((tab) => object("apps/Deployment", "web", tab)),
  ...["summary", "diff", "manifest"].flatMap((tab) => [object("/ConfigMap", "config", tab), object("/Secret", "keys", tab)]),
  `applications/argocd/${BROKEN}`,
  `applications?search=${encodeURIComponent(MARKUP)}`,
  `applications/argocd/${encodeURIComponent(MARKUP)}`,
  `applications/argocd/${NAME}?node=${encodeURIComponent(MARKUP)}&panel=__proto__&view=constructor&tab=${encodeURIComponent(SCRIPT)}`,
  `settings/clusters/${encodeURIComponent(SCRIPT)}`,
  `settings/projects/${PROJECT}`,
  "settings/repos",
  "settings/projects",
];

/** Whatever people and clusters write is shown as it is written, and does nothing; and what is secret does not come. */
await describePage("what others write, in the page", (launch) => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let proxy: Proxy;
  let chromium: Browser;
  let window: Window;
  let page: Page;
  /** All that the server has sent to this browser, the shared stream too. */
  let received = "";

  /** Chromium also notes what the page itself tells: that an application cannot be rendered. */
  const complaints = (): string[] => window.complaints.splice(0).filter((complaint) => !complaint.includes("the server responded with a status of 500"));
  const create = (name: string, path: string) => api.must("POST", "/api/v1/applications?validate=false", { metadata: { name, annotations: { "link.argocd.argoproj.io/evil": SCRIPT, note: MARKUP }, labels: {} }, spec: { project: PROJECT, source: { repoURL: repository.url, path, targetRevision: "HEAD" }, info: [{ name: MARKUP, value: SCRIPT }, { name: "Titled", value: MARKUP }], destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });

  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    repository = await Repository.create(stack, NAME, FILES);
    await repository.push(`${MARKUP}\n\n${MARKUP} ${SCRIPT}`, { "app/more.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n" });
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: PROJECT }, spec: { description: MARKUP, sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*", name: MARKUP }], clusterResourceWhitelist: [{ group: "*", kind: "*" }], roles: [{ name: "evil", description: MARKUP, policies: [], groups: ["<img src=x onerror=hacked()>"] }] } } });
    await create(NAME, "app");
    await create(BROKEN, `<img src=x onerror=hacked()>`);
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME, infos: [{ name: MARKUP, value: SCRIPT }] });
    await api.becomes(NAME, phaseIs("Succeeded"));
    await api.becomes(BROKEN, condition("ComparisonError", "onerror=hacked()"));
    const { metadata } = JSON.parse(await mustKubectl(stack, ["-n", NAME, "get", "deployment", "web", "-o", "json"]));
    await mustKubectl(stack, ["create", "-f", "-"], { input: JSON.stringify({ apiVersion: "v1", kind: "Event", metadata: { generateName: "evil", namespace: NAME }, involvedObject: { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: NAME, uid: metadata.uid }, type: "Warning", reason: MARKUP, message: `${MARKUP} ${SCRIPT}`, count: 2, firstTimestamp: new Date().toISOString(), lastTimestamp: new Date().toISOString(), source: { component: MARKUP } }) });
    await mustKubectl(stack, ["-n", NAME, "patch", "secret", "keys", "--type=merge", "-p", JSON.stringify({ data: { key: base64(LATER) } })]);
    await mustKubectl(stack, ["-n", NAME, "patch", "configmap", "config", "--type=merge", "-p", JSON.stringify({ data: { evil: `changed ${MARKUP}` } })]);
    await api.becomes(NAME, syncIs("OutOfSync"));
    proxy = await startProxy({ url: stack.url });
    proxy.tap = { chunk: ({ path }, chunk) => void (path.startsWith("/api/") && (received += chunk.toString("latin1"))) };
    chromium = await launch();
    window = await openWindow(chromium);
    page = window.page;
    // Called by a page that is not as it should be.
    await page.exposeFunction("hacked", () => window.complaints.push("something ran"));
    page.on("dialog", (dialog) => (window.complaints.push(`a dialogue: ${dialog.message()}`), void dialog.dismiss()));
    await signInto(page, { ...stack, url: proxy.url });
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    for (const name of [NAME, BROKEN]) await api?.call("DELETE", `/api/v1/applications/${name}?cascade=true`);
    await api?.call("DELETE", `/api/v1/projects/${PROJECT}`);
    await repository?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
  });

  it("runs nowhere, leads nowhere and becomes no markup", async () => {
    for (const view of sample(VIEWS, 14, "inert")) {
      await page.goto(`${proxy.url}/${view}`);
      await page.locator("#content > *").first().waitFor();
      // What is asked for later stands there too; logs never end.
      await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
      const found = await page.evaluate(`(() => {
        const alien = document.querySelectorAll("img[src=x], svg[onload], script:not([src]), [onerror], [onload], iframe, object, embed");
        const led = [...document.querySelectorAll("a[href], form[action], area[href]")].map((element) => element.href ?? element.action).filter((url) => !/^(https?|mailto):/.test(url));
        return [...[...alien].map((element) => element.outerHTML), ...led];
      })()`);
      expect({ view, found, complaints: complaints() }).toEqual({ view, found: [], complaints: [] });
    }
  }, 300_000);

  it("is shown as it was written", async () => {
    const shows = async (view: string, text: string): Promise<void> => {
      await page.goto(`${proxy.url}/${view}`);
      await page.getByText(text).filter({ visible: true }).first().waitFor();
    };
    await shows(object("apps/Deployment", "web", "events"), MARKUP);
    await shows(`applications/argocd/${BROKEN}`, "<img src=x onerror=hacked()>");
    await shows("settings/projects", MARKUP);
    await shows(`applications/argocd/${NAME}?panel=history`, MARKUP);
    await page.goto(`${proxy.url}/${object("apps/Deployment", "web", "summary")}`);
    expect(await page.getByRole("dialog").getByRole("link", { name: "<b>Good</b>" }).getAttribute("href")).toBe("https://good.example.com/");
    expect(complaints()).toEqual([]);
  }, 120_000);

  it("does not say where to go after signing in", async () => {
    for (const wanted of [SCRIPT, "//evil.example.com/", "\\\\evil.example.com", "https://evil.example.com/", "data:text/html,x"]) {
      const other = await openWindow(chromium);
      await other.page.goto(`${proxy.url}/login?return=${encodeURIComponent(wanted)}`);
      await other.page.locator("input[name=username]").fill("admin");
      await other.page.locator("input[name=password]").fill(stack.adminPassword);
      await other.page.locator("button[type=submit]").click();
      await other.page.locator("#content").waitFor();
      expect(new URL(other.page.url()).origin).toBe(new URL(proxy.url).origin);
      expect(other.complaints).toEqual([]);
      await other.close();
    }
  }, 120_000);

  it("is no secret: none comes to the browser, and none is in the page's memory", async () => {
    await page.goto(`${proxy.url}/${object("/Secret", "keys", "diff")}`);
    await page.getByRole("dialog").getByText("++++").first().waitFor();
    await page.goto(`${proxy.url}/${object("/Secret", "keys", "manifest")}`);
    await page.getByRole("dialog").getByText("++++").first().waitFor();
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "argocd.token");
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    expect(await page.evaluate("document.cookie")).toBe("");
    const secrets = { SECRET, LATER, git: stack.git.token, redis: stack.redis.password };
    const ways = Object.entries(secrets).flatMap(([name, secret]) => [[name, secret], [`${name} in base64`, base64(secret)]] as const);
    expect(received.includes("++++")).toBe(true);
    expect(ways.filter(([, text]) => received.includes(text)).map(([name]) => name)).toEqual([]);
    const memory = await memoryOf(page);
    expect(memory.includes("++++")).toBe(true);
    expect([...ways, ["token", cookie!.value] as const, ["admin's password", stack.adminPassword] as const].filter(([, text]) => memory.includes(text)).map(([name]) => name)).toEqual([]);
  }, 120_000);

  it("forgets the password and the token once somebody has signed in", async () => {
    const other = await openWindow(chromium);
    await signInto(other.page, { ...stack, url: proxy.url });
    await other.page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    const [cookie] = (await other.page.context().cookies()).filter(({ name }) => name === "argocd.token");
    expect((await memoryOf(other.page)).includes(cookie!.value)).toBe(false);
    expect(other.complaints).toEqual([]);
    await other.close();
  }, 120_000);
});

/** Every text that the page's scripts can reach. */
async function memoryOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  let snapshot = "";
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => (snapshot += chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return (JSON.parse(snapshot) as { strings: string[] }).strings.join("\n");
}
