import type { KubeObject } from "@trireme/api";
import { mergeDryRun, mergeRetention, mergeTemplates } from "./templates.ts";
import type { AnalysisArgument, AnalysisRun, AnalysisTemplate, DryRun, MeasurementRetention } from "./types.ts";

/**
 * A run as Argo Rollouts creates it: a snapshot of the merged templates, so that later edits of theirs do not reach it.
 *
 * `templates` are all that `resolveTemplates` found. `args` override the templates' defaults; those that no template
 * declares are dropped. The problem is one sentence in Argo's words.
 */
export function buildAnalysisRun(options: {
  templates: readonly AnalysisTemplate[];
  args?: readonly AnalysisArgument[];
  dryRun?: readonly DryRun[];
  measurementRetention?: readonly MeasurementRetention[];
  name: string;
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Becomes the run's controller. */
  owner?: KubeObject;
}): { run: AnalysisRun } | { problem: string } {
  const merged = mergeTemplates(options.templates);
  if ("problem" in merged) return merged;
  const args = suppliedArgs(merged.spec.args ?? [], options.args ?? []);
  if ("problem" in args) return args;
  const dryRun = mergeDryRun([...(options.dryRun ?? []), ...(merged.spec.dryRun ?? [])]);
  if ("problem" in dryRun) return dryRun;
  const retention = mergeRetention([...(options.measurementRetention ?? []), ...(merged.spec.measurementRetention ?? [])]);
  if ("problem" in retention) return retention;
  const { name, namespace, labels, annotations, owner } = options;
  return {
    run: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisRun",
      metadata: {
        name,
        namespace,
        ...(labels !== undefined && { labels }),
        ...(annotations !== undefined && { annotations }),
        ...(owner !== undefined && {
          ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name ?? "", uid: owner.metadata.uid ?? "", controller: true, blockOwnerDeletion: true }],
        }),
      },
      spec: {
        metrics: structuredClone(merged.spec.metrics ?? []),
        ...(args.args.length > 0 && { args: args.args }),
        ...(dryRun.rules.length > 0 && { dryRun: dryRun.rules }),
        ...(retention.rules.length > 0 && { measurementRetention: retention.rules }),
      },
    },
  };
}

/** Whether an existing run asks the same questions as one that would be made now. */
export function isSameAnalysis(left: AnalysisRun, right: AnalysisRun): boolean {
  const asked = ({ spec }: AnalysisRun) => canonical([spec.metrics, spec.args ?? [], spec.dryRun ?? [], spec.measurementRetention ?? []]);
  return asked(left) === asked(right);
}

function suppliedArgs(declared: readonly AnalysisArgument[], given: readonly AnalysisArgument[]): { args: AnalysisArgument[] } | { problem: string } {
  const args = declared.map((declaration) => {
    const supplied = { ...declaration };
    for (const arg of given.filter((candidate) => candidate.name === declaration.name)) {
      if (arg.value !== undefined) supplied.value = arg.value;
      else if (arg.valueFrom !== undefined) supplied.valueFrom = arg.valueFrom;
    }
    return supplied;
  });
  const missing = args.find((arg) => arg.value === undefined && arg.valueFrom === undefined);
  return missing === undefined ? { args } : { problem: `args.${missing.name} was not resolved` };
}

/** JSON whose keys are in order, without what the server and Go disagree on: empty objects and nulls that say nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part ?? undefined;
    const entries = Object.entries(part).filter(([, inner]) => inner !== null && !(typeof inner === "object" && !Array.isArray(inner) && Object.keys(inner as object).length === 0));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
