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
let url: string;
let requests: string[];
let tampered: boolean;

beforeEach(async () => {
  on = await setUp({ env: tools.env });
  const packed = new Map(["1.0.0", "1.2.0", "2.0.0-rc.1"].map((version) => [version, packChart(version)]));
  requests = [];
  tampered = false;
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (request.headers.authorization !== `Basic ${Buffer.from("user:pass").toString("base64")}`) return void response.writeHead(401).end("sign in first");
    if (request.url === "/charts/index.yaml") {
      const entries = [...packed].map(([version, bytes]) => `    - name: mini\n      version: ${version}\n      digest: ${createHash("sha256").update(bytes).digest("hex")}\n      urls: [mini-${version}.tgz]\n`);
      return void response.end(`apiVersion: v1\nentries:\n  mini:\n${entries.join("")}`);
    }
    const bytes = packed.get(/mini-(.*)\.tgz/.exec(request.url ?? "")?.[1] ?? "");
    return void response.writeHead(bytes === undefined ? 404 : 200).end(tampered ? Buffer.concat([bytes!, Buffer.from("x")]) : bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`;
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

const access = () => ({ url, type: "helm", username: "user", password: "pass" });
const source = (more: object = {}) => [{ repository: access(), sourceJson: Buffer.from(JSON.stringify({ repoURL: url, chart: "mini", targetRevision: "1.x", ...more })) }];

describeWithTools("a chart repository", () => {
  it("is listed, resolved and rendered; the chart is fetched once", async () => {
    expect(await on.client.charts({ repository: access() })).toEqual({ charts: [{ name: "mini", versions: ["2.0.0-rc.1", "1.2.0", "1.0.0"] }] });
    const { header, objects } = await on.render({}, { sources: source({ helm: { valueFiles: ["values-prod.yaml"], parameters: [{ name: "b", value: "2" }] } }) });
    expect(header.sources[0]).toMatchObject({ revision: "1.2.0", sourceType: "Helm" });
    expect(objects[0]!.json.data).toEqual({ version: "1.2.0", a: "prod", b: 2 });
    expect(objects[0]!.provenance?.file).toBe("mini/templates/cm.yaml");

    requests.length = 0;
    await on.render({}, { sources: source(), noRevisionCache: false });
    expect(requests.filter((path) => path.endsWith(".tgz"))).toEqual([]);
  });

  it("tells a chart's parameters", async () => {
    const { type, detailsJson, revision } = await on.client.inspect({ source: source({ targetRevision: "1.0.0" })[0]!, appName: "hello" });
    expect([type, revision]).toEqual(["Helm", "1.0.0"]);
    expect(JSON.parse(detailsJson.toString())).toEqual({ helm: { valueFiles: ["values-prod.yaml", "values.yaml"], values: "a: chart\nnested: {list: [1, true], big: 1000000}\n", parameters: [{ name: "a", value: "chart" }, { name: "nested.big", value: "1e+06" }, { name: "nested.list[0]", value: "1" }, { name: "nested.list[1]", value: "true" }] } });
  });

  it("refuses what it should not give", async () => {
    await expect(on.client.test({ repository: { ...access(), password: "wrong" } })).rejects.toMatchObject({ reason: "ChartRepositoryError", message: `${url}/index.yaml answers 401: sign in first` });
    await on.client.test({ repository: access() });
    await expect(on.render({}, { sources: source({ targetRevision: "9.x" }) })).rejects.toThrow(`unable to resolve '9.x' to a version of chart 'mini' in ${url}`);
    await expect(on.render({}, { sources: source({ chart: "other" }) })).rejects.toThrow(`chart 'other' not found in ${url}`);
    tampered = true;
    await expect(on.render({}, { sources: source() })).rejects.toMatchObject({ reason: "ChartInvalid", message: expect.stringContaining("is not what the index promises") });
  });
});

function packChart(version: string): Buffer {
  const work = mkdtempSync(path.join(tmpdir(), "trireme-chart-"));
  mkdirSync(path.join(work, "mini", "templates"), { recursive: true });
  writeFileSync(path.join(work, "mini", "Chart.yaml"), `apiVersion: v2\nname: mini\nversion: ${version}\n`);
  writeFileSync(path.join(work, "mini", "values.yaml"), "a: chart\nnested: {list: [1, true], big: 1000000}\n");
  writeFileSync(path.join(work, "mini", "values-prod.yaml"), "a: prod\n");
  writeFileSync(path.join(work, "mini", "templates", "cm.yaml"), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  version: {{ .Chart.Version }}\n  a: {{ .Values.a }}\n  b: {{ .Values.b | default 1 }}\n');
  execFileSync("tar", ["-czf", "chart.tgz", "mini"], { cwd: work });
  const bytes = readFileSync(path.join(work, "chart.tgz"));
  rmSync(work, { recursive: true, force: true });
  return bytes;
}
