import type { AnalysisArgument, AnalysisTemplate, AnalysisTemplateRef, AnalysisTemplateSpec, DryRun, MeasurementRetention } from "./types.ts";

/** Deepest nesting of templates in templates; what goes deeper refers to itself. */
const DEEPEST = 32;

/**
 * Finds every template that the references name, and those that these name in turn, each once.
 * The problem names the first that `find` does not know.
 */
export function resolveTemplates(references: readonly AnalysisTemplateRef[], find: (reference: { name: string; clusterScope: boolean }) => AnalysisTemplate | undefined): { templates: AnalysisTemplate[] } | { problem: string } {
  const found = new Map<string, AnalysisTemplate>();
  const visit = (list: readonly AnalysisTemplateRef[], depth: number): string | undefined => {
    for (const { templateName: name = "", clusterScope = false } of list) {
      const kind = clusterScope ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
      if (found.has(`${kind}/${name}`)) continue;
      if (depth > DEEPEST) return `${kind} '${name}' is nested more than ${DEEPEST} templates deep`;
      const template = find({ name, clusterScope });
      if (template === undefined) return `${kind} '${name}' not found`;
      found.set(`${kind}/${name}`, template);
      const problem = visit(template.spec.templates ?? [], depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const problem = visit(references, 1);
  return problem === undefined ? { templates: [...found.values()] } : { problem };
}

/** One template out of many: the namespace's own first, then the cluster's. */
export function mergeTemplates(templates: readonly AnalysisTemplate[]): { spec: AnalysisTemplateSpec } | { problem: string } {
  const ordered = unique([...templates.filter((template) => template.kind !== "ClusterAnalysisTemplate"), ...templates.filter((template) => template.kind === "ClusterAnalysisTemplate")]);
  const metrics = ordered.flatMap((template) => template.spec.metrics ?? []);
  const twice = firstTwice(metrics.map((metric) => metric.name));
  if (twice !== undefined) return { problem: `two metrics have the same name '${twice}'` };
  const dryRun = mergeDryRun(ordered.flatMap((template) => template.spec.dryRun ?? []));
  if ("problem" in dryRun) return dryRun;
  const retention = mergeRetention(ordered.flatMap((template) => template.spec.measurementRetention ?? []));
  if ("problem" in retention) return retention;
  const args = mergeArgs(ordered.flatMap((template) => template.spec.args ?? []));
  if ("problem" in args) return args;
  return { spec: { metrics, dryRun: dryRun.rules, measurementRetention: retention.rules, args: args.args } };
}

export function mergeDryRun(rules: DryRun[]): { rules: DryRun[] } | { problem: string } {
  const twice = firstTwice(rules.map((rule) => rule.metricName));
  return twice === undefined ? { rules } : { problem: `two Dry-Run metric rules have the same name '${twice}'` };
}

export function mergeRetention(rules: MeasurementRetention[]): { rules: MeasurementRetention[] } | { problem: string } {
  const twice = firstTwice(rules.map((rule) => rule.metricName));
  return twice === undefined ? { rules } : { problem: `two Measurement Retention metric rules have the same name '${twice}'` };
}

/** Declarations of one name must agree on its value; one with a value stands in for one without. */
function mergeArgs(declared: readonly AnalysisArgument[]): { args: AnalysisArgument[] } | { problem: string } {
  const merged = new Map<string, AnalysisArgument>();
  for (const arg of declared) {
    const before = merged.get(arg.name);
    if (before?.value !== undefined && arg.value !== undefined && before.value !== arg.value) return { problem: `Argument \`${arg.name}\` specified multiple times with different values: '${before.value}', '${arg.value}'` };
    if (before?.value === undefined) merged.set(arg.name, arg);
  }
  return { args: [...merged.values()] };
}

function unique(templates: readonly AnalysisTemplate[]): AnalysisTemplate[] {
  return [...new Map(templates.map((template) => [`${template.kind}/${template.metadata.name}`, template])).values()];
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
