import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { once } from "node:events";
import { Socket } from "node:net";
import { stopSignal } from "@trireme/runtime";
import { dataFolder } from "./folders.ts";
import { endLeftovers, holdFolder, LOCK_FILE } from "./leftovers.ts";
import { startTrio, type Trio } from "./trio.ts";

const USAGE = `npm start                        the whole product on an embedded cluster
npm start -- --kubeconfig FILE   the same trio against your own cluster
  --data DIR                     where its state is kept (default: your data folder)
  --fresh                        start over: forget the state in the data folder
  --port N                       first port to try (default 8080)
  --broken-images NAME           an image or tag that cannot be run, to see a failure (may be repeated)`;

/** `npm start`: starts everything, says where it is, and stops all of it on Ctrl-C. */
async function main(): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const options = readArguments();
  await mkdir(options.data, { recursive: true, mode: 0o700 });
  const release = await holdFolder(options.data);
  const signal = AbortSignal.any([stopSignal(), parentGone()]);
  try {
    await endLeftovers(options.data);
    if (options.fresh) await empty(options.data);
    if (options.kubeconfig !== undefined) say(`Using the cluster of ${options.kubeconfig}. What is missing there will be created; what is there is left alone.`);
    const begin = Date.now();
    await using trio = await startTrio({
      data: options.data,
      ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig }),
      brokenImages: options.brokenImages,
      nearPort: options.port,
      tellsOfPushes: true,
      signal,
      say: (line) => say(`  ${line}`),
    });
    await announce(trio, say, Date.now() - begin);
    if (!signal.aborted) await once(signal, "abort");
    say("Stopping…");
  } catch (error) {
    if (!signal.aborted) throw error;
    say("Stopped before it was ready.");
  } finally {
    await release();
  }
}

/** The folder itself stays, and with it the lock that makes it ours. */
async function empty(data: string): Promise<void> {
  for (const name of await readdir(data)) if (name !== LOCK_FILE) await rm(path.join(data, name), { recursive: true, force: true });
}

/** Aborts when the process that started this one has died without a word: nobody would be there to press Ctrl-C. */
function parentGone(): AbortSignal {
  const controller = new AbortController();
  const pipe = Number(process.env["TRIREME_PARENT_PIPE"]);
  if (pipe > 0) {
    const socket = new Socket({ fd: pipe, readable: true, writable: false });
    socket.on("error", () => undefined);
    socket.on("close", () => controller.abort(new Error("the parent process ended")));
    socket.resume();
    socket.unref();
  }
  return controller.signal;
}

async function announce(trio: Trio, say: (line: string) => void, ms: number): Promise<void> {
  const password = await trio.adminPassword();
  const host = new URL(trio.url).host;
  say("");
  say(`Trireme is ready (${(ms / 1000).toFixed(1)} s).`);
  say("");
  say(`  Address      ${trio.url}`);
  say(`  User         admin`);
  say(`  Password     ${password ?? "the one you have set (argocd-initial-admin-secret was deleted)"}`);
  say(`  Kubeconfig   ${trio.kubeconfig}`);
  say(`  Sample       ${trio.git.sample.replace("http://", `http://${trio.git.user}:${trio.git.token}@`)}`);
  say("");
  say(`  With the argocd CLI: argocd login ${host} --plaintext --username admin --password '${password ?? "…"}'`);
  say(`  Next: open ${trio.url} and sign in, or run kubectl --kubeconfig ${trio.kubeconfig} get applications -A`);
  say("");
  say("Ctrl-C stops all of it; the state is kept.");
}

function readArguments(): { data: string; kubeconfig?: string; fresh: boolean; port: number; brokenImages: string[] } {
  const from = process.env["TRIREME_INVOKED_FROM"] ?? process.cwd();
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2),
      options: { data: { type: "string" }, kubeconfig: { type: "string" }, fresh: { type: "boolean" }, port: { type: "string" }, "broken-images": { type: "string", multiple: true }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    const port = Number(values.port ?? 8080);
    if (!Number.isInteger(port) || port < 1 || port > 65_000) throw new Error(`--port must be a whole number from 1 to 65000, got ${values.port}`);
    return {
      data: values.data === undefined ? dataFolder() : path.resolve(from, values.data),
      ...(values.kubeconfig !== undefined && { kubeconfig: path.resolve(from, values.kubeconfig) }),
      fresh: values.fresh ?? false,
      port,
      brokenImages: (values["broken-images"] ?? []).flatMap((value) => value.split(",")),
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

