import type { AnalysisRun, AnalysisTemplate } from "@trireme/rollouts";
import { createMetrics } from "@trireme/runtime";
import { analysisMetrics } from "./metrics.ts";

describe("analysisMetrics", () => {
  it("tells runs and metrics under Argo Rollouts' names", async () => {
    const run: AnalysisRun = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisRun",
      metadata: { name: "r", namespace: "default" },
      spec: { metrics: [{ name: "rate", provider: { web: { url: "http://metrics.test/" } } }], dryRun: [{ metricName: "rate" }] },
      status: { phase: "Running", metricResults: [{ name: "rate", phase: "Failed" }] },
    };
    const template: AnalysisTemplate = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name: "t", namespace: "default" }, spec: { metrics: [{ name: "done", provider: { job: { spec: {} } } }] } };
    const metrics = createMetrics();
    const told = analysisMetrics(metrics, { runs: () => [run], templates: () => [template] });
    told.visited({ namespace: "default", name: "r" }, 20);
    told.failed({ namespace: "default", name: "r" });
    const text = await metrics.registry.metrics();
    for (const line of [
      'analysis_run_info{namespace="default",name="r",phase="Running"} 1',
      'analysis_run_phase{namespace="default",name="r",phase="Running"} 1',
      'analysis_run_phase{namespace="default",name="r",phase="Failed"} 0',
      'analysis_run_metric_type{namespace="default",name="r",metric="rate",type="Web"} 1',
      'analysis_run_metric_phase{namespace="default",name="r",metric="rate",type="Web",dry_run="true",phase="Failed"} 1',
      'analysis_run_metric_phase{namespace="default",name="r",metric="rate",type="Web",dry_run="true",phase="Running"} 0',
      'analysis_run_reconcile_bucket{le="0.15",namespace="default",name="r"} 1',
      'analysis_template_info{namespace="default",name="t"} 1',
      'analysis_template_metric_info{namespace="default",name="t",type="Job",metric="done"} 1',
      'analysis_run_reconcile_error{namespace="default",name="r"} 1',
    ])
      expect(text).toContain(line);
    told.forget({ namespace: "default", name: "r" });
    expect(await metrics.registry.metrics()).not.toContain('analysis_run_reconcile_error{namespace="default"');
  });
});
