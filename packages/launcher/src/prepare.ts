import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { generateKeysText, withDeadline, writeFileAtomically } from "@trireme/runtime";
import { setUpControlPlane } from "./cluster-setup.ts";

const CLUSTER_MS = 120_000;

/**
 * What docker-compose runs once before the services: makes the keys and passwords that are missing, takes the given
 * kubeconfig or waits for that of the embedded cluster, and creates in the cluster what is missing there.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { state: { type: "string" }, kubeconfig: { type: "string" } } });
  if (values.state === undefined) throw new Error("usage: prepare.ts --state FOLDER [--kubeconfig FILE]");
  const { state } = values;
  const owner = await stat(state);
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(state, name);
    await writeFileAtomically(file, content);
    await chown(file, owner.uid, owner.gid);
    return file;
  };
  const once = async (name: string, make: () => string): Promise<string> => (existsSync(path.join(state, name)) ? path.join(state, name) : write(name, make()));

  await once("keys.json", generateKeysText);
  const password = (await readFile(await once("redis-password", () => randomBytes(24).toString("base64url")), "utf8")).trim();
  await write("redis.conf", `bind 127.0.0.1\nrequirepass ${password}\nsave ""\nappendonly no\nmaxmemory-policy noeviction\n`);

  const given = values.kubeconfig === undefined ? "" : await readFile(values.kubeconfig, "utf8");
  const kubeconfig = given.trim() === "" ? path.join(state, "kubeconfig") : await write("kubeconfig", given);
  await withDeadline(`the cluster of ${kubeconfig} to answer`, CLUSTER_MS, (signal) => untilClusterAnswers(kubeconfig, signal));
  const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
  try {
    await setUpControlPlane(client, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await client.close();
  }
}

async function untilClusterAnswers(kubeconfig: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (existsSync(kubeconfig)) {
      const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
      try {
        if ((await client.raw({ method: "GET", path: "/readyz", signal })).status === 200) return;
      } catch {
        // Not listening yet, or a kubeconfig of the start before: read again.
      } finally {
        await client.close();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
    signal.throwIfAborted();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
