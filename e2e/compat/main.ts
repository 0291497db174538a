import { accessSync, constants } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stopSignal } from "@trireme/runtime";
import { startStack, type ClusterKind, type OwnStack, type Stack } from "../support/stack.ts";
import { ArgocdCli } from "./cli.ts";
import { Checks } from "./checks.ts";
import { playStory } from "./story.ts";

const USAGE = `npm run compat -- --argocd PATH [--cluster dev|real] [--quiet]
  Plays the main job with an official argocd CLI, unmodified, against the running product:
  over gRPC and with --grpc-web, in plain text and over TLS.`;

async function main(): Promise<void> {
  const { argocd, cluster, quiet } = readArguments();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const checks = new Checks(say);
  const stopping = stopSignal();
  const tell = async (stack: Stack, name: string, connection: readonly string[], flags: readonly string[]): Promise<void> => {
    say(`\n== the main job over ${name}, ${cluster} cluster`);
    await using cli = await ArgocdCli.create(argocd, flags, quiet ? () => {} : say);
    await playStory({ stack, cli, checks, suffix: name, connection });
  };
  {
    await using stack = await stoppable(startStack({ cluster }), stopping);
    await tell(stack, "grpc", ["--plaintext"], []);
    await tell(stack, "grpc-web", ["--plaintext"], ["--grpc-web"]);
  }
  {
    await using stack = await stoppable(startStack({ cluster, environment: { "api-server": { ARGOCD_SERVER_INSECURE: "false" } } }), stopping);
    await tell(stack, "tls", ["--insecure"], []);
    await tell(stack, "tls-grpc-web", ["--insecure"], ["--grpc-web"]);
  }
  if (checks.failed > 0) say(`\n${checks.failures.join("\n")}`);
  say(`\n${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed === 0 ? 0 : 1;
}

/** Ctrl-C takes the product along. */
async function stoppable(starting: Promise<OwnStack>, stopping: AbortSignal): Promise<OwnStack> {
  const stack = await starting;
  stopping.addEventListener("abort", () => void Promise.resolve(stack[Symbol.asyncDispose]()).finally(() => process.exit(130)));
  return stack;
}

function readArguments(): { argocd: string; cluster: ClusterKind; quiet: boolean } {
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options: { argocd: { type: "string" }, cluster: { type: "string", default: "dev" }, quiet: { type: "boolean", default: false } } });
    if (values.argocd === undefined) throw new Error("--argocd PATH is missing: the CLI to play");
    if (values.cluster !== "dev" && values.cluster !== "real") throw new Error(`--cluster is dev or real, not ${values.cluster}`);
    const argocd = path.resolve(process.env["TRIREME_INVOKED_FROM"] ?? process.cwd(), values.argocd);
    accessSync(argocd, constants.X_OK);
    return { argocd, cluster: values.cluster, quiet: values.quiet };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
