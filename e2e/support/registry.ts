import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const TOKEN = "registry-token";
const PAGE = 2;

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:1234`. */
  host: string;
  user: string;
  password: string;
  /** Paths that were asked for, without their queries. */
  asked: string[];
}

/**
 * An OCI registry with the sign-in and the pages of the distribution specification. Holds one chart under each of the
 * names, a ConfigMap called `hello`, at each of the tags; lists them in the order that is given.
 */
export async function startRegistry(charts: Record<string, readonly string[]>): Promise<Registry> {
  const [user, password] = ["robot", "registry-password"];
  const packed = new Map<string, Buffer>();
  for (const [name, tags] of Object.entries(charts)) for (const tag of tags) packed.set(`${name}:${tag}`, await packChart(name.split("/").at(-1)!, tag.replaceAll("_", "+")));
  const blobs = new Map([...packed.values()].map((bytes) => [`sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes]));
  const digestOf = (bytes: Buffer): string => [...blobs].find(([, one]) => one === bytes)![0];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
    asked.push(pathname);
    const refuse = (status: number, code: string, message: string, headers = {}) => void response.writeHead(status, headers).end(JSON.stringify({ errors: [{ code, message }] }));
    const json = (value: unknown) => void response.end(JSON.stringify(value));
    if (pathname === "/token") return request.headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` ? json({ token: TOKEN }) : refuse(401, "UNAUTHORIZED", "wrong user or password");
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, "UNAUTHORIZED", "sign in", { "www-authenticate": `Bearer realm="http://${request.headers.host}/token",service="registry"` });
    if (pathname === "/v2/") return json({});
    const [, name = "", what = "", which = ""] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    const tags = charts[name];
    if (tags === undefined) return refuse(404, "NAME_UNKNOWN", "repository name not known to registry");
    if (what === "tags") {
      const from = tags.indexOf(searchParams.get("last") ?? "") + 1;
      const page = tags.slice(from, from + PAGE);
      if (from + PAGE < tags.length) response.setHeader("link", `<${pathname}?n=${PAGE}&last=${page.at(-1)}>; rel="next"`);
      return json({ name, tags: page });
    }
    const chart = packed.get(`${name}:${which}`);
    if (what === "manifests" && chart !== undefined) return json({ schemaVersion: 2, layers: [{ mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", digest: digestOf(chart), size: chart.length }] });
    const blob = blobs.get(which);
    if (what === "blobs" && blob !== undefined) return void response.end(blob);
    refuse(404, "MANIFEST_UNKNOWN", "manifest unknown");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    user,
    password,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function packChart(name: string, version: string): Promise<Buffer> {
  const work = await mkdtemp(path.join(os.tmpdir(), "trireme-chart-"));
  try {
    await mkdir(path.join(work, name, "templates"), { recursive: true });
    await writeFile(path.join(work, name, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: ${/^\d/.test(version) ? version : "0.0.0"}\n`);
    await writeFile(path.join(work, name, "values.yaml"), "greeting: hello\n");
    await writeFile(path.join(work, name, "templates", "hello.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hello}\ndata: {greeting: '{{ .Values.greeting }} {{ .Chart.Version }}'}\n");
    await run("tar", ["-czf", "chart.tgz", name], { cwd: work });
    return await readFile(path.join(work, "chart.tgz"));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
