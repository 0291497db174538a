import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { createTestRepository, startTestGitServer } from "@trireme/git/testing";
import { createClient, repository as rpc } from "@trireme/rpc";
import { configMap } from "./_repo-server.ts";

describe("the process", () => {
  it("starts from its environment, answers, and ends on SIGTERM", async () => {
    using repository = createTestRepository();
    await using git = await startTestGitServer({ root: repository.root });
    const data = mkdtempSync(path.join(tmpdir(), "trireme-repo-server-"));
    const sha = repository.commit({ "app/a.yaml": configMap("one") });
    const child = spawn(process.execPath, [path.resolve(import.meta.dirname, "../src/main.ts")], { env: { PATH: process.env["PATH"], TRIREME_REPO_SERVER_DATA: data, TRIREME_REPO_SERVER_LISTEN_ADDRESS: "127.0.0.1:0", TRIREME_PROBES_ADDRESS: "127.0.0.1:0" }, stdio: ["ignore", "ignore", "pipe"] });
    try {
      const { address, probes } = await listening(child.stderr);
      using client = createClient<rpc.RepositoryClient>(rpc.REPOSITORY_SERVICE, address);
      const parts: rpc.RenderResponse[] = [];
      for await (const part of client.render({ sources: [{ repository: { url: `${git.url}/app.git` }, sourceJson: Buffer.from('{"path":"app"}') }] })) parts.push(part);

      expect(parts[0]?.header?.sources[0]?.revision).toBe(sha);
      expect(parts[1]?.objects?.objects[0]?.provenance?.file).toBe("app/a.yaml");
      expect(await (await fetch(`${probes}/readyz`)).text()).toBe("ok");
      expect(await (await fetch(`${probes}/metrics`)).text()).toContain(`argocd_git_request_total{repo="${git.url}/app.git",request_type="fetch"} 1`);
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
      rmSync(data, { recursive: true, force: true });
    }
  }, 20_000);

  it("names every bad setting and does not start", async () => {
    const child = spawn(process.execPath, [path.resolve(import.meta.dirname, "../src/main.ts")], { env: { PATH: process.env["PATH"], ARGOCD_EXEC_TIMEOUT: "soon", TRIREME_REPO_SERVER_LISTEN_ADDRESS: "nowhere" }, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect((await once(child, "exit"))[0]).toBe(1);
    expect(said).toContain('ARGOCD_EXEC_TIMEOUT must be a duration such as 30s or 5m, got \\"soon\\"');
    expect(said).toContain("TRIREME_REPO_SERVER_LISTEN_ADDRESS must be host:port");
  }, 20_000);
});

/** Resolves with what the server logs once it listens; goes on reading, so that the process can go on writing. */
function listening(stderr: Readable): Promise<{ address: string; probes: string }> {
  let text = "";
  return new Promise((resolve, reject) => {
    stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split("\n").find((one) => one.includes('"listening"') && one.endsWith("}"));
      if (line !== undefined) resolve(JSON.parse(line) as { address: string; probes: string });
    });
    stderr.on("end", () => reject(new Error(`the process ended: ${text}`)));
  });
}
