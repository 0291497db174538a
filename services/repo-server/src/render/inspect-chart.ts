import { parseYaml } from "@trireme/api";
import type { HelmSource } from "../source/application-source.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { resolveValueFiles, type ValueFileOptions } from "./helm-values.ts";
import { isRecord } from "./manifest-objects.ts";

export interface ChartDetails {
  valueFiles?: string[];
  values?: string;
  parameters?: { name: string; value: string }[];
  fileParameters?: { name?: string; path?: string }[];
}

/** A chart's value files and parameters; those of the chosen files count over the chart's own. */
export function inspectChart(tree: SourceTree, chart: string, source: HelmSource, context: Pick<ValueFileOptions, "refs" | "env" | "schemes">): ChartDetails {
  const valueFiles = valueFilesBelow(tree, chart, "");
  const values = tree.readFile(chart === "" ? "values.yaml" : `${chart}/values.yaml`)?.toString("utf8");
  const chosen = resolveValueFiles(source.valueFiles ?? [], { tree, chart, ...context, ignoreMissing: source.ignoreMissingValueFiles === true });
  const parameters = new Map<string, string>();
  const flatten = (text: string, file: string): void => flatValues(parseYaml(text, file) ?? {}, [], parameters);
  if (values !== undefined) flatten(values, "values.yaml");
  for (const file of chosen) {
    const content = file.kind === "file" ? file.tree.readFile(file.path) : undefined;
    if (content !== undefined) flatten(content.toString("utf8"), file.kind === "file" ? file.path : "");
  }
  return {
    ...(valueFiles.length === 0 ? {} : { valueFiles }),
    ...(values === undefined || values === "" ? {} : { values }),
    ...(parameters.size === 0 ? {} : { parameters: [...parameters].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1)) }),
    ...(source.fileParameters?.length ? { fileParameters: source.fileParameters } : {}),
  };
}

function valueFilesBelow(tree: SourceTree, chart: string, below: string, depth = 0): string[] {
  if (depth > 32) return [];
  const at = [chart, below].filter((part) => part !== "").join("/");
  return (tree.items(at) ?? []).flatMap((item) => {
    const path = below === "" ? item.name : `${below}/${item.name}`;
    if (item.kind === "directory") return valueFilesBelow(tree, chart, path, depth + 1);
    return item.name.includes("values") && /\.ya?ml$/i.test(item.name) ? [path] : [];
  });
}

function flatValues(value: unknown, path: string[], out: Map<string, string>): void {
  if (isRecord(value)) for (const [key, child] of Object.entries(value)) flatValues(child, [...path, key], out);
  else if (Array.isArray(value)) value.forEach((child, index) => flatValues(child, [...path.slice(0, -1), `${path.at(-1) ?? ""}[${index}]`], out));
  else out.set(path.join("."), printed(value));
}

/** As Go prints a value that came through JSON. */
function printed(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value !== "number") return String(value);
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return String(value);
  const [digits = "", power = "0"] = value.toExponential().split("e");
  return `${digits}e${Number(power) < 0 ? "-" : "+"}${String(Math.abs(Number(power))).padStart(2, "0")}`;
}
