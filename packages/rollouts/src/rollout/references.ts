import type { Rollout } from "@trireme/api/argo";
import { buildAnalysisRun, resolveTemplates, type AnalysisArgument, type AnalysisTemplate } from "../analysis/index.ts";
import type { RolloutAnalysis } from "../runs/roles.ts";
import type { Snapshot } from "../snapshot.ts";
import { Key } from "./objects.ts";
import { invalid } from "./validate.ts";

/** The first Service or AnalysisTemplate that is missing or does not fit; undefined: none. */
export function validateReferences(rollout: Rollout, snapshot: Snapshot): string | undefined {
  for (const { path, name } of servicesOf(rollout)) {
    const problem = validateService(rollout, snapshot, path, name);
    if (problem !== undefined) return problem;
  }
  for (const { path, analysis, isBackground } of analysesOf(rollout)) {
    const problem = validateAnalysis(snapshot, path, analysis, isBackground);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function servicesOf({ spec }: Rollout): { path: string; name: string }[] {
  const { blueGreen, canary } = spec.strategy ?? {};
  const at = (path: string, name: string | undefined) => (name ? [{ path: `spec.strategy.${path}`, name }] : []);
  return [...at("blueGreen.activeService", blueGreen?.activeService), ...at("blueGreen.previewService", blueGreen?.previewService), ...at("canary.stableService", canary?.stableService), ...at("canary.canaryService", canary?.canaryService)];
}

export function analysesOf({ spec }: Rollout): { path: string; analysis: RolloutAnalysis; isBackground: boolean }[] {
  const { blueGreen, canary } = spec.strategy ?? {};
  const at = (path: string, analysis: RolloutAnalysis | undefined, isBackground = false) => (analysis === undefined ? [] : [{ path: `spec.strategy.${path}.templates`, analysis, isBackground }]);
  return [
    ...at("blueGreen.prePromotionAnalysis", blueGreen?.prePromotionAnalysis),
    ...at("blueGreen.postPromotionAnalysis", blueGreen?.postPromotionAnalysis),
    ...(canary?.steps ?? []).flatMap((step, index) => at(`canary.steps[${index}].analysis`, step.analysis)),
    ...at("canary.analysis", canary?.analysis, true),
  ];
}

function validateService(rollout: Rollout, snapshot: Snapshot, path: string, name: string): string | undefined {
  const service = snapshot.service(name);
  if (service === undefined) return invalid(path, name, `service ${JSON.stringify(name)} not found`);
  const labels = rollout.spec.template?.metadata?.labels;
  const unmatched = Object.entries(service.spec.selector ?? {}).find(([label, value]) => label !== Key.Hash && labels?.[label] !== value);
  if (unmatched !== undefined) return invalid(path, name, `Service ${JSON.stringify(name)} has unmatch label ${JSON.stringify(unmatched[0])} in rollout`);
  const manager = service.metadata.annotations?.[Key.ManagedBy];
  return manager === undefined || manager === rollout.metadata.name ? undefined : invalid(path, name, `Service ${JSON.stringify(name)} is managed by another Rollout`);
}

function validateAnalysis(snapshot: Snapshot, path: string, analysis: RolloutAnalysis, isBackground: boolean): string | undefined {
  const names = (analysis.templates ?? []).map((template) => template.templateName ?? "");
  const resolved = resolveTemplates(analysis.templates ?? [], (reference) => snapshot.template(reference));
  if ("problem" in resolved) return invalid(path, /'(.*)'/.exec(resolved.problem)?.[1] ?? "", resolved.problem);
  if (resolved.templates.length === 0) return undefined;
  const built = buildAnalysisRun({ templates: resolved.templates, args: placeholders(analysis), name: "", namespace: "" });
  if ("problem" in built) return invalid(path, `templateNames: [${names.join(" ")}]`, built.problem);
  if (isBackground) return undefined;
  const endless = firstEndless(resolved.templates);
  return endless === undefined ? undefined : invalid(path, endless.template, `AnalysisTemplate ${endless.template} has metric ${endless.metric} which runs indefinitely. Invalid value for count: ${endless.count}`);
}

/** Values are only known when a run is made. */
function placeholders(analysis: RolloutAnalysis): AnalysisArgument[] {
  return (analysis.args ?? []).map(({ name, value }) => ({ name, value: value ?? "" }));
}

/** A step waits for the end of its analysis, so every metric must have one. */
function firstEndless(templates: readonly AnalysisTemplate[]): { template: string; metric: string; count: string } | undefined {
  for (const template of templates) {
    const metric = (template.spec.metrics ?? []).find(({ count = 0, interval = "" }) => (count === 0 || count === "0" || count === "") && interval !== "");
    if (metric !== undefined) return { template: template.metadata.name ?? "", metric: metric.name, count: String(metric.count ?? "nil") };
  }
  return undefined;
}
