import { createHmac } from "node:crypto";
import { createHttp } from "../src/http.ts";
import { anApplication, aWorld, type WorldOptions } from "./context.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const push = { ref: "refs/heads/main", after: SHA, repository: { html_url: "https://git.test/app", default_branch: "main" } };

async function door(options: WorldOptions = {}) {
  const world = aWorld({ objects: [anApplication("a"), anApplication("b"), anApplication("c", { spec: { source: { repoURL: "https://git.test/other.git", path: "x" } } })], ...options });
  const http = await createHttp(world.ctx, () => true);
  const post = (body: string | object, headers: Record<string, string>) => http.inject({ method: "POST", url: "/api/webhook", headers: { "content-type": "application/json", ...headers }, payload: typeof body === "string" ? body : JSON.stringify(body) });
  return { ...world, http, post };
}

describe("/api/webhook", () => {
  it("hands a push on to the live shards, once for each repository", async () => {
    const { post, jobs } = await door();
    const answer = await post(push, { "x-github-event": "push" });
    expect([answer.statusCode, answer.body]).toEqual([200, ""]);
    expect(jobs).toEqual([{ kind: "refresh", shard: 0, job: { repoURL: "https://git.test/app.git", ref: "refs/heads/main", hint: SHA } }]);
  });

  it("calls the controller where the queue does not take the job", async () => {
    const asked: unknown[] = [];
    const { post, ctx } = await door({ controller: { refresh: async (request) => (asked.push(request), { applications: 2 }) } });
    ctx.queue = { add: async () => false, addAll: async () => false, [Symbol.asyncDispose]: async () => undefined };
    expect((await post(push, { "x-github-event": "push" })).statusCode).toBe(200);
    expect(asked).toEqual([{ repoUrl: "https://git.test/app.git", ref: "refs/heads/main", hint: SHA }]);
  });

  it("answers well even when nobody can be told: the poll finds the commit", async () => {
    const { post, ctx } = await door();
    ctx.queue = undefined;
    expect((await post(push, { "x-github-event": "push" })).statusCode).toBe(200);
  });

  it("checks the secret over the raw body before it reads any of it", async () => {
    const { post, jobs } = await door({ secret: { "webhook.github.secret": "s3cret" } });
    const text = `{ "ref":"refs/heads/main",  "repository":{"html_url":"https://git.test/app","default_branch":"main"} }`;
    const signature = `sha256=${createHmac("sha256", "s3cret").update(text).digest("hex")}`;
    for (const [body, headers] of [[text, {}], [text, { "x-hub-signature-256": "sha256=00" }], [`${text} `, { "x-hub-signature-256": signature }], ["{", { "x-hub-signature-256": "sha256=00" }]] as const) {
      const answer = await post(body, { "x-github-event": "push", ...headers });
      expect([answer.statusCode, answer.body, answer.headers["content-type"]]).toEqual([400, "Webhook processing failed\n", "text/plain; charset=utf-8"]);
    }
    expect(jobs).toEqual([]);
    expect((await post(text, { "x-github-event": "push", "x-hub-signature-256": signature })).statusCode).toBe(200);
    expect(jobs).toHaveLength(1);
  });

  it("takes a ping, and refuses what nobody is known to send", async () => {
    const { post, http } = await door();
    expect((await post({ zen: "x" }, { "x-github-event": "ping" })).statusCode).toBe(200);
    const unknown = await post({ a: 1 }, {});
    expect([unknown.statusCode, unknown.body]).toEqual([400, "Unknown webhook event\n"]);
    expect((await http.inject({ method: "GET", url: "/api/webhook" })).statusCode).toBe(405);
  });

  test.each(["", "{", "[]", "null", '"x"', '{"repository":{"html_url":5},"ref":[]}'])("survives the body %j", async (body) => {
    const { post, jobs } = await door();
    expect([200, 400]).toContain((await post(body, { "x-github-event": "push" })).statusCode);
    expect(jobs).toEqual([]);
  });

  it("reads the form that GitHub can be told to send, and refuses a payload that is too large", async () => {
    const { post, jobs } = await door({ config: { "webhook.maxPayloadSizeMB": "1" } });
    expect((await post(new URLSearchParams({ payload: JSON.stringify(push) }).toString(), { "x-github-event": "push", "content-type": "application/x-www-form-urlencoded" })).statusCode).toBe(200);
    expect(jobs).toHaveLength(1);
    const large = await post("x".repeat(1_100_000), { "x-github-event": "push" });
    expect([large.statusCode, large.body]).toEqual([400, "Webhook payload is larger than 1048576 bytes\n"]);
  });
});

describe("the other doors", () => {
  it("show the page under a strict policy", async () => {
    const { http } = await door();
    const page = await http.inject("/");
    expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
    expect(page.body).toContain('src="/page/page.js"');
    expect(page.body).not.toMatch(/<script[^>]*>[^<]|\son\w+=|\sstyle=/);
    for (const file of ["/page/page.js", "/page/page.css"]) expect((await http.inject(file)).statusCode).toBe(200);
  });

  it("say how an application is, where badges are switched on", async () => {
    const objects = [anApplication("a", { status: { health: { status: "Healthy" }, sync: { status: "Synced" } } })];
    const off = await door({ objects });
    expect((await off.http.inject("/api/badge?name=a")).body).not.toContain("Healthy");
    const on = await door({ objects, config: { "statusbadge.enabled": "true" } });
    expect((await on.http.inject("/api/badge?name=a")).body).toMatch(/Healthy.*Synced/);
    expect((await on.http.inject("/api/badge?name=absent")).body).toContain("Not Found");
    expect((await on.http.inject("/api/badge?name=%3Cscript%3E")).statusCode).toBe(400);
  });

  it("answer everything else with Not Found", async () => {
    const { http } = await door();
    const answer = await http.inject("/no/such/place");
    expect([answer.statusCode, answer.body]).toEqual([404, "Not Found\n"]);
  });
});
