import { createHttp } from "../src/http.ts";
import { anApplication, aWorld } from "./context.ts";

const SHA = "4f2c1aa0000000000000000000000000000000aa";
const state = (health: string, sync: string) => ({ health: { status: health }, sync: { status: sync }, operationState: { syncResult: { revision: SHA } } });
const objects = [
  anApplication("web", { status: state("Healthy", "Synced") }),
  anApplication("shop", { status: state("Degraded", "OutOfSync"), spec: { project: "team" } }),
  anApplication("web", { namespace: "elsewhere", status: state("Missing", "OutOfSync") }),
];
const ENABLED = { "statusbadge.enabled": "true" };

async function badge(query: string, config: Record<string, string> = ENABLED) {
  const { ctx } = aWorld({ config, objects, env: { ARGOCD_APPLICATION_NAMESPACES: "elsewhere" } });
  const answer = await (await createHttp(ctx, () => true)).inject({ url: `/api/badge?${query}` });
  const texts = [...answer.body.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
  return { answer, texts, width: Number(/^<svg width="(\d+)"/.exec(answer.body)?.[1]) };
}

describe("status badges", () => {
  test.each([
    ["name=web", ["Healthy", "Synced"]],
    ["name=web&namespace=elsewhere", ["Missing", "OutOfSync"]],
    ["name=absent", ["Not Found", ""]],
    ["name=web&namespace=not-served", ["Not Found", ""]],
    ["name=web&revision=TRUE", ["Healthy", "Synced", "(4f2c1aa)"]],
    ["name=web&revision=true&keepFullRevision=true", ["Healthy", "Synced", `(${SHA})`]],
    ["name=web&showAppName=true", ["web", "Healthy", "Synced"]],
    ["project=default", ["Healthy", "Synced"]],
    ["project=default&project=team", ["Degraded", "OutOfSync"]],
    ["project=default&namespace=elsewhere", ["Degraded", "OutOfSync"]],
    ["project=nobodys", ["Unknown", "Unknown"]],
    ["", ["Unknown", "Unknown"]],
  ])("%s", async (query, texts) => expect((await badge(query)).texts).toEqual(texts));

  it("are as wide as asked", async () => {
    expect((await badge("name=web")).width).toBe(131);
    expect((await badge("name=web&width=300")).width).toBe(300);
    expect((await badge("name=web&width=300&revision=true")).width).toBe(300);
    expect((await badge("name=web&width=wide")).width).toBe(131);
  });

  it("tell nothing where they are not switched on", async () => {
    expect((await badge("name=web&revision=true", {})).texts).toEqual(["Unknown", "Unknown"]);
  });

  it("are pictures that nobody keeps and in which nothing runs", async () => {
    const { answer } = await badge("name=web");
    expect(answer.headers).toMatchObject({ "content-type": "image/svg+xml", "cache-control": "private, no-store", "access-control-allow-origin": "*", "content-security-policy": "default-src 'none'" });
    for (const query of ["name=%3Cscript%3E", "namespace=a%2Fb", "project=%22x"]) expect((await badge(query)).answer.statusCode).toBe(400);
  });
});
