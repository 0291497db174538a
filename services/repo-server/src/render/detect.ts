import { parseYaml } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import { type ApplicationSource, explicitType, type SourceType } from "../source/application-source.ts";
import type { RecordedTree } from "../source/recorded-tree.ts";
import { isRecord } from "./manifest-objects.ts";

export interface DisabledTools {
  kustomizeDisabled: boolean;
  helmDisabled: boolean;
}

const KUSTOMIZATIONS = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

export function isKustomization(name: string): boolean {
  return KUSTOMIZATIONS.includes(name);
}

/** What renders the directory: what the source names, else what lies in it. */
export function detectType(tree: RecordedTree, path: string, source: ApplicationSource, disabled: DisabledTools): SourceType {
  const enabled = (type: SourceType): boolean => !(type === "Helm" && disabled.helmDisabled) && !(type === "Kustomize" && disabled.kustomizeDisabled);
  if (source.chart) return "Helm";
  const named = explicitType(source);
  if (named !== undefined) return enabled(named) ? named : "Directory";
  return typeOfNames((tree.list(path) ?? []).filter((entry) => entry.kind !== "tree").map((entry) => entry.name), enabled) ?? "Directory";
}

/** By the names of a directory's files, sorted: the last that says something wins. */
export function typeOfNames(names: readonly string[], enabled: (type: SourceType) => boolean): "Helm" | "Kustomize" | undefined {
  let type: "Helm" | "Kustomize" | undefined;
  for (const name of names) {
    if (name.endsWith("Chart.yaml") && enabled("Helm")) type = "Helm";
    if (isKustomization(name) && enabled("Kustomize")) type = "Kustomize";
  }
  return type;
}

/**
 * The source with what `.argocd-source.yaml` and then `.argocd-source-<app>.yaml` in its directory change of it.
 * Where it comes from cannot be changed.
 */
export function withOverrides(tree: RecordedTree, path: string, source: ApplicationSource, appName: string): ApplicationSource {
  let merged: ApplicationSource = source;
  for (const name of [".argocd-source.yaml", ...(appName === "" || appName.includes("/") ? [] : [`.argocd-source-${appName}.yaml`])]) {
    const file = path === "" ? name : `${path}/${name}`;
    const content = tree.readFile(file, 1024 * 1024);
    if (content === undefined) continue;
    const patch = parseYaml(content.toString("utf8"), file);
    if (patch === undefined) continue;
    if (!isRecord(patch)) throw new AppError(`error while parsing source parameters: ${file} is not an object`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never", details: { file } });
    merged = mergePatch(merged, patch) as ApplicationSource;
  }
  const kept: ApplicationSource = { ...merged };
  for (const field of ["chart", "path", "repoURL", "targetRevision"] as const) {
    delete kept[field];
    const own = source[field];
    if (own !== undefined) kept[field] = own;
  }
  return kept;
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
