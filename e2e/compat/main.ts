import { accessSync, constants } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stopSignal } from "@trireme/runtime";
import { startStack, type ClusterKind } from "../support/stack.ts";
import { ArgocdCli } from "./cli.ts";
import { Checks } from "./checks.ts";
import { playStory } from "./story.ts";

const USAGE = `npm run compat -- --argocd PATH [--cluster dev|real] [--quiet]
  Plays the main job with an official argocd CLI, unmodified, against the running product:
  once over gRPC and once with --grpc-web.`;

async function main(): Promise<void> {
  const { argocd, cluster, quiet } = readArguments();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const checks = new Checks(say);
  await using stack = await startStack({ cluster });
  stopSignal().addEventListener("abort", () => void Promise.resolve(stack[Symbol.asyncDispose]()).finally(() => process.exit(130)));
  for (const { name, flags } of [
    { name: "grpc", flags: [] },
    { name: "grpc-web", flags: ["--grpc-web"] },
  ]) {
    say(`\n== the main job over ${name}`);
    await using cli = await ArgocdCli.create(argocd, flags, quiet ? () => {} : say);
    await playStory({ stack, cli, checks, suffix: name, connection: ["--plaintext"] });
  }
  if (checks.failed > 0) say(`\n${checks.failures.join("\n")}`);
  say(`\n${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed === 0 ? 0 : 1;
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
