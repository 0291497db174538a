import { buildAnalysisRun, isCompleted, isSameAnalysis, resolveTemplates, rolloutArguments, type AnalysisArgument, type AnalysisRun } from "../analysis/index.ts";
import { controllerOf, hashOf, Key } from "../rollout/objects.ts";
import { Halt, type Release } from "../rollout/release.ts";
import type { RolloutAnalysis, RunRole } from "./roles.ts";

/**
 * Makes a run from the present templates, or takes up one that asks the same and is not done. A name that is taken by
 * another gets `.1`, `.2` and so on. Throws Halt with what the templates or their arguments lack.
 */
export function createRun(release: Release, analysis: RolloutAnalysis, role: RunRole, suffix: string): AnalysisRun {
  const wanted = newRun(release, analysis, role, suffix);
  const base = wanted.metadata.name ?? "";
  for (let count = 0; ; count++) {
    const name = count === 0 ? base : `${base}.${count}`;
    const existing = release.runs.find((run) => run.metadata.name === name) ?? release.snapshot.run(name);
    if (existing === undefined) {
      const run = { ...wanted, metadata: { ...wanted.metadata, name, creationTimestamp: release.time } };
      release.runs.push(run);
      return run;
    }
    const isOurs = controllerOf(existing) === release.rollout.metadata.uid;
    if (isOurs && existing.metadata.deletionTimestamp === undefined && !isCompleted(existing.status?.phase) && existing.spec.terminate !== true && isSameAnalysis(existing, wanted)) return existing;
  }
}

function newRun(release: Release, analysis: RolloutAnalysis, role: RunRole, suffix: string): AnalysisRun {
  const { rollout, newSet, stableSet, snapshot } = release;
  const hash = hashOf(newSet);
  const revision = rollout.metadata.annotations?.[Key.Revision] ?? "";
  const resolved = resolveTemplates(analysis.templates ?? [], (reference) => snapshot.template(reference));
  if ("problem" in resolved) throw new Halt(resolved.problem);
  const args = rolloutArguments((analysis.args ?? []) as AnalysisArgument[], { rollout, stableHash: hashOf(stableSet), latestHash: hash });
  if ("problem" in args) throw new Halt(args.problem);
  const instance = rollout.metadata.labels?.[Key.InstanceId];
  const built = buildAnalysisRun({
    templates: resolved.templates,
    args: args.args,
    ...(analysis.dryRun !== undefined && { dryRun: analysis.dryRun }),
    ...(analysis.measurementRetention !== undefined && { measurementRetention: analysis.measurementRetention }),
    name: [rollout.metadata.name, hash, revision, suffix].filter((part) => part !== "").join("-"),
    namespace: rollout.metadata.namespace ?? "",
    labels: {
      [Key.Hash]: hash,
      [Key.RolloutType]: role,
      ...(role === "Step" && { [Key.StepIndex]: suffix }),
      ...(instance !== undefined && { [Key.InstanceId]: instance }),
      ...analysis.analysisRunMetadata?.labels,
      ...rollout.spec.selector?.matchLabels,
    },
    annotations: { [Key.Revision]: revision, ...analysis.analysisRunMetadata?.annotations },
    owner: rollout,
  });
  if ("problem" in built) throw new Halt(built.problem);
  return built.run;
}
