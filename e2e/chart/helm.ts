import { execFile } from "node:child_process";
import path from "node:path";
import { load, loadAll } from "js-yaml";
import { ensureTools } from "@trireme/launcher";

export const chart = path.resolve(import.meta.dirname, "../../charts/trireme");

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: any;
}

export interface Rendered {
  code: number;
  stderr: string;
  /** As Helm wrote it. */
  text: string;
  objects: Manifest[];
}

/** Nothing of the user's Helm plays a part, and rendering writes nothing. */
const HOME = "/nonexistent";

/** `helm template argocd charts/trireme --namespace argocd` with the real Helm. */
export async function render(...args: string[]): Promise<Rendered> {
  const { helm } = await ensureTools();
  return new Promise((resolve) => {
    const env = { ...process.env, HELM_CONFIG_HOME: HOME, HELM_CACHE_HOME: HOME, HELM_DATA_HOME: HOME };
    execFile(helm, ["template", "argocd", chart, "--namespace", "argocd", ...args], { env, timeout: 30_000, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stderr, text: stdout, objects: error === null ? documents(stdout) : [] });
    });
  });
}

export function find(rendered: Rendered, kind: string, name: string): Manifest {
  const found = rendered.objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name} among ${rendered.objects.map((object) => `${object.kind} ${object.metadata.name}`).join(", ")}`);
  return found;
}

export function parseYaml<T = any>(text: string): T {
  return load(text) as T;
}

function documents(text: string): Manifest[] {
  const all: unknown[] = [];
  loadAll(text, (document: unknown) => all.push(document));
  return all.filter((document) => document !== null && document !== undefined) as Manifest[];
}
