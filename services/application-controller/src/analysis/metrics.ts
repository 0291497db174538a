import { planAnalysis, type AnalysisRun, type AnalysisTemplate, type Metric } from "@trireme/rollouts";
import type { Metrics } from "@trireme/runtime";

const PHASES = ["Pending", "Error", "Failed", "Successful", "Running", "Inconclusive"] as const;
/** As Argo Rollouts writes them. */
const TYPES: Readonly<Record<string, string>> = { prometheus: "Prometheus", job: "Job", kayenta: "Kayenta", web: "Web", datadog: "Datadog", wavefront: "Wavefront", newRelic: "NewRelic", cloudWatch: "CloudWatch", graphite: "Graphite", influxdb: "Influxdb", skywalking: "skywalking", plugin: "RPCPlugin" };

export interface AnalysisMetrics {
  /** One look at a run, in milliseconds. */
  visited(run: { namespace: string; name: string }, ms: number): void;
  failed(run: { namespace: string; name: string }): void;
  /** Figures of a run that is gone go too. */
  forget(run: { namespace: string; name: string }): void;
}

/** Argo Rollouts' figures of AnalysisRuns and templates; what they are is read from the caches when somebody asks. */
export function analysisMetrics(metrics: Metrics, { runs, templates }: { runs: () => Iterable<AnalysisRun>; templates: () => Iterable<AnalysisTemplate> }): AnalysisMetrics {
  const of = ["namespace", "name"] as const;
  const reconciles = metrics.histogram("analysis_run_reconcile", "Analysis Run reconciliation performance.", of, [0.01, 0.15, 0.25, 0.5, 1]);
  const errors = metrics.counter("analysis_run_reconcile_error", "Error occurring during the analysis run", of);
  metrics.gauge("analysis_run_info", "Information about analysis run.", [...of, "phase"], (gauge) => {
    gauge.reset();
    for (const run of runs()) gauge.set({ ...placeOf(run), phase: run.status?.phase ?? "" }, 1);
  });
  metrics.gauge("analysis_run_phase", "Information on the state of the Analysis Run (DEPRECATED - use analysis_run_info)", [...of, "phase"], (gauge) => {
    gauge.reset();
    for (const run of runs()) for (const phase of PHASES) gauge.set({ ...placeOf(run), phase }, (run.status?.phase || "Pending") === phase ? 1 : 0);
  });
  metrics.gauge("analysis_run_metric_type", "Information on the type of a specific metric in the Analysis Runs", [...of, "metric", "type"], (gauge) => {
    gauge.reset();
    for (const run of runs()) for (const metric of run.spec.metrics) gauge.set({ ...placeOf(run), metric: metric.name, type: typeOf(metric) }, 1);
  });
  metrics.gauge("analysis_run_metric_phase", "Information on the duration of a specific metric in the Analysis Run", [...of, "metric", "type", "dry_run", "phase"], (gauge) => {
    gauge.reset();
    for (const run of runs()) {
      const plan = planAnalysis(run.spec);
      for (const metric of run.spec.metrics) {
        const labels = { ...placeOf(run), metric: metric.name, type: typeOf(metric), dry_run: String("dryRun" in plan && plan.dryRun.has(metric.name)) };
        const now = run.status?.metricResults?.find((result) => result.name === metric.name)?.phase ?? "Pending";
        for (const phase of PHASES) gauge.set({ ...labels, phase }, now === phase ? 1 : 0);
      }
    }
  });
  metrics.gauge("analysis_template_info", "Information about analysis templates.", of, (gauge) => {
    gauge.reset();
    for (const template of templates()) gauge.set(placeOf(template), 1);
  });
  metrics.gauge("analysis_template_metric_info", "Information on metrics in analysis templates.", [...of, "type", "metric"], (gauge) => {
    gauge.reset();
    for (const template of templates()) for (const metric of template.spec.metrics ?? []) gauge.set({ ...placeOf(template), type: typeOf(metric), metric: metric.name }, 1);
  });
  return {
    visited: ({ namespace, name }, ms) => reconciles.observe({ namespace, name }, ms / 1000),
    failed: ({ namespace, name }) => errors.inc({ namespace, name }),
    forget({ namespace, name }) {
      reconciles.remove({ namespace, name });
      errors.remove({ namespace, name });
    },
  };
}

function placeOf({ metadata }: AnalysisRun | AnalysisTemplate): { namespace: string; name: string } {
  return { namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}

function typeOf({ provider }: Metric): string {
  const name = Object.keys(provider ?? {}).find((candidate) => provider[candidate] !== undefined && provider[candidate] !== null);
  return name === undefined ? "Unknown Provider" : (TYPES[name] ?? name);
}
