import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Setup, setUp } from "./_repo-server.ts";
import { describeWithTools, tools } from "./_tools.ts";

let on: Setup;
let server: Server;
let host: string;
let requests: string[];

/** A registry with a sign-in of its own, as the distribution specification has it. */
beforeEach(async () => {
  on = await setUp({ env: tools.env });
  const chart = packChart();
  const digest = `sha256:${createHash("sha256").update(chart).digest("hex")}`;
  requests = [];
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://registry");
    requests.push(pathname);
    const json = (value: unknown) => response.end(JSON.stringify(value));
    if (pathname === "/token") return void (request.headers.authorization === `Basic ${Buffer.from("user:pass").toString("base64")}` ? json({ token: "t0ken" }) : response.writeHead(401).end());
    if (request.headers.authorization !== "Bearer t0ken") return void response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="registry",scope="repository:team/charts/mini:pull"` }).end('{"errors":[{"code":"UNAUTHORIZED","message":"sign in"}]}');
    if (pathname === "/v2/") return void json({});
    if (pathname === "/v2/team/charts/mini/tags/list") {
      if (!request.url!.includes("last=")) return void response.setHeader("link", '</v2/team/charts/mini/tags/list?last=1.0.0&n=1>; rel="next"').end('{"tags":["1.0.0"]}');
      return void json({ tags: ["1.3.0_build.1", "2.0.0", "latest"] });
    }
    if (pathname === "/v2/team/charts/astray/tags/list") return void response.setHeader("link", `<http://localhost:${new URL(`http://${host}`).port}/v2/team/charts/astray/tags/list?last=1>; rel="next"`).end('{"tags":["1.0.0"]}');
    if (pathname === "/v2/team/charts/round/tags/list") return void response.setHeader("link", '</v2/team/charts/round/tags/list?n=1000>; rel="next"').end('{"tags":["1.0.0"]}');
    if (pathname.startsWith("/v2/team/charts/mini/manifests/1.3.0_build.1")) return void json({ schemaVersion: 2, layers: [{ mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", digest }] });
    if (pathname === `/v2/team/charts/mini/blobs/${digest}`) return void response.end(chart);
    return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

const source = (targetRevision: string, password = "pass") => [{ repository: { url: `${host}/team/charts`, type: "helm", enableOci: true, username: "user", password }, sourceJson: Buffer.from(JSON.stringify({ repoURL: `${host}/team/charts`, chart: "mini", targetRevision })) }];

describeWithTools("an OCI registry", () => {
  it("gives a chart by a range of versions, after its own sign-in; once", async () => {
    const { header, objects } = await on.render({}, { sources: source("1.x") });
    expect(header.sources[0]).toMatchObject({ revision: "1.3.0+build.1", sourceType: "Helm" });
    expect(objects[0]!.json.metadata.name).toBe("hello");
    requests.length = 0;
    await on.render({}, { sources: source("1.3.0+build.1") });
    expect(requests).toEqual(["/v2/team/charts/mini/manifests/1.3.0_build.1"]);
  });

  it("refuses in its own words", async () => {
    await expect(on.render({}, { sources: source("9.9.9") })).rejects.toMatchObject({ reason: "ChartRepositoryError", message: `${host}/team/charts/mini: the registry answers 404: manifest unknown` });
    await expect(on.render({}, { sources: source("1.x", "wrong") })).rejects.toThrow(`sign-in at ${host} answers 401`);
    await on.client.test({ repository: source("")[0]!.repository });
    await expect(on.client.test({ repository: source("", "wrong")[0]!.repository })).rejects.toThrow(`sign-in at ${host} answers 401`);
    await expect(on.render({}, { sources: source("5.x") })).rejects.toThrow("unable to resolve '5.x' to a version of chart 'mini'");
  });

  it("tells the versions of a chart, page by page, newest first", async () => {
    const { repository } = source("")[0]!;
    expect(await on.client.tags({ repository, chart: "mini" })).toEqual({ tags: ["2.0.0", "1.3.0+build.1", "1.0.0", "latest"] });
    expect(await on.client.tags({ repository: { ...repository, url: `oci://${host}/team/charts/mini` } })).toMatchObject({ tags: expect.arrayContaining(["2.0.0"]) });
    await expect(on.client.tags({ repository, chart: "other" })).rejects.toThrow(`${host}/team/charts/other: the registry answers 404: manifest unknown`);
    await expect(on.client.tags({ repository, chart: "../../x" })).rejects.toThrow("is not a name in an OCI registry");
    await expect(on.client.tags({ repository: on.access })).rejects.toThrow("is not in an OCI registry");
  });

  it("is not followed to another server, nor in a circle", async () => {
    const { repository } = source("")[0]!;
    requests.length = 0;
    await expect(on.client.tags({ repository, chart: "astray" })).rejects.toThrow(/goes on at http:\/\/localhost:\d+\/v2\/team\/charts\/astray\/tags\/list\?last=1, which is not followed/);
    expect(requests.filter((path) => path.includes("astray")).length).toBe(2);
    await expect(on.client.tags({ repository, chart: "round" })).rejects.toThrow("which is not followed");
  });
});

function packChart(): Buffer {
  const work = mkdtempSync(path.join(tmpdir(), "trireme-chart-"));
  mkdirSync(path.join(work, "mini", "templates"), { recursive: true });
  writeFileSync(path.join(work, "mini", "Chart.yaml"), "apiVersion: v2\nname: mini\nversion: 1.3.0+build.1\n");
  writeFileSync(path.join(work, "mini", "templates", "cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n");
  execFileSync("tar", ["-czf", "chart.tgz", "mini"], { cwd: work });
  const bytes = readFileSync(path.join(work, "chart.tgz"));
  rmSync(work, { recursive: true, force: true });
  return bytes;
}
