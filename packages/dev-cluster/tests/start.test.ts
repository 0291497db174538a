import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const source = (name: string): string => new URL(`../src/${name}`, import.meta.url).href;

describe("the start of a cluster", () => {
  it("loads neither a client nor a second HTTP library before the API server answers", async () => {
    const script = `import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { startDevCluster } = await import(${JSON.stringify(source("dev-cluster.ts"))});
      const cluster = await startDevCluster();
      console.log(JSON.stringify([...loaded, ...process.moduleLoadList]));
      await cluster.stop();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded.filter((name) => /dev-cluster\/src\/server\/api-server/.test(name))).toHaveLength(1);
    expect(loaded.filter((name) => /undici|\/packages\/kube\/|\/dev-cluster\/src\/(controllers|nodes|loop)\//.test(name))).toEqual([]);
    expect(loaded.filter((name) => name.includes("/packages/gitops/src/") && !/\/src\/merge[./]/.test(name))).toEqual([]);
  });

  it("serves before its controllers are there, and can be ended then", async () => {
    const dir = mkdtempSync(join(tmpdir(), "dev-cluster-"));
    try {
      const kubeconfig = join(dir, "kubeconfig");
      const child = spawn(process.execPath, [new URL(source("main.ts")).pathname, "--kubeconfig", kubeconfig], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(child, "close");
      const said: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        const { msg } = JSON.parse(line) as { msg: string };
        said.push(msg);
        if (said.length > 1) continue;
        expect(readFileSync(kubeconfig, "utf8")).toContain("server: https://127.0.0.1:");
        child.kill("SIGTERM");
      }
      expect(said[0]).toBe("API server listening");
      expect(await ended).toEqual([0, null]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
