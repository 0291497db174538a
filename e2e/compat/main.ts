import { accessSync, constants } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stopSignal } from "@trireme/runtime";
import { startStack, type ClusterKind, type OwnStack, type Stack } from "../support/stack.ts";
import { OfficialCli } from "./cli.ts";
import { Checks } from "./checks.ts";
import { playRollouts } from "./rollouts.ts";
import { playStory } from "./story.ts";

const USAGE = `npm run compat -- [--argocd PATH] [--plugin PATH] [--cluster dev|real] [--quiet]
  Plays official programs, unmodified, against the running product.
  --argocd   the CLI of Argo CD: the main job over gRPC and with --grpc-web, in plain text and over TLS
  --plugin   kubectl-argo-rollouts: every command of it that reads or changes Rollouts`;

interface Arguments {
  argocd: string | undefined;
  plugin: string | undefined;
  cluster: ClusterKind;
  quiet: boolean;
}

async function main(): Promise<void> {
  const asked = readArguments();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const checks = new Checks(say);
  const stopping = stopSignal();
  if (asked.argocd !== undefined) await playArgocd(asked.argocd, asked, checks, stopping, say);
  if (asked.plugin !== undefined) await playPlugin(asked.plugin, asked, checks, stopping, say);
  if (checks.failed > 0) say(`\n${checks.failures.join("\n")}`);
  say(`\n${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed === 0 ? 0 : 1;
}

async function playArgocd(binary: string, { cluster, quiet }: Arguments, checks: Checks, stopping: AbortSignal, say: (line: string) => void): Promise<void> {
  const tell = async (stack: Stack, name: string, connection: readonly string[], flags: readonly string[]): Promise<void> => {
    say(`\n== the main job over ${name}, ${cluster} cluster`);
    await using cli = await OfficialCli.create({ binary, title: "argocd", flags }, quiet ? () => {} : say);
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
}

async function playPlugin(binary: string, { cluster, quiet }: Arguments, checks: Checks, stopping: AbortSignal, say: (line: string) => void): Promise<void> {
  await using stack = await stoppable(startStack({ cluster }), stopping);
  say(`\n== kubectl argo rollouts, ${cluster} cluster`);
  await playRollouts({ stack, checks, open: (namespace) => OfficialCli.create({ binary, title: "kubectl argo rollouts", flags: ["-n", namespace], environment: { KUBECONFIG: stack.kubeconfig } }, quiet ? () => {} : say) });
}

/** Ctrl-C takes the product along. */
async function stoppable(starting: Promise<OwnStack>, stopping: AbortSignal): Promise<OwnStack> {
  const stack = await starting;
  stopping.addEventListener("abort", () => void Promise.resolve(stack[Symbol.asyncDispose]()).finally(() => process.exit(130)));
  return stack;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options: { argocd: { type: "string" }, plugin: { type: "string" }, cluster: { type: "string", default: "dev" }, quiet: { type: "boolean", default: false } } });
    if (values.argocd === undefined && values.plugin === undefined) throw new Error("--argocd PATH or --plugin PATH is missing: the program to play");
    if (values.cluster !== "dev" && values.cluster !== "real") throw new Error(`--cluster is dev or real, not ${values.cluster}`);
    return { argocd: program(values.argocd), plugin: program(values.plugin), cluster: values.cluster, quiet: values.quiet };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

function program(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const found = path.resolve(process.env["TRIREME_INVOKED_FROM"] ?? process.cwd(), file);
  accessSync(found, constants.X_OK);
  return found;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
