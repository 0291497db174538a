import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import type { AnalysisRun, Measurement, Metric } from "@trireme/rollouts";
import type { HttpClient } from "./http.ts";

/** What a provider may reach while it measures. */
export interface Measuring {
  run: AnalysisRun;
  /** Arguments and secrets are in. */
  metric: Metric;
  /** How many measurements of the metric were finished before this one. */
  index: number;
  client: KubeClient;
  http: HttpClient;
  /** What the provider made enters the caches at once. */
  observe(object: KubeObject): void;
  /** Milliseconds since the epoch. */
  now(): number;
  signal: AbortSignal;
  settings: ProviderSettings;
}

export interface ProviderSettings {
  /** Where Prometheus is when a metric does not say. */
  prometheusAddress: string | undefined;
  /** Namespace of all measuring Jobs; undefined: each run's own. */
  jobNamespace: string | undefined;
}

/**
 * One way to measure. `run` answers a finished measurement, or one whose phase is Running that ends elsewhere.
 * What it throws becomes a measurement in error.
 */
export interface Provider {
  run(measuring: Measuring): Promise<Measurement>;
  /** What is shown of a metric as a whole. */
  metadata?(metric: Metric): Record<string, string>;
  /** For measurements that end elsewhere. */
  elsewhere?: {
    /** The measurement as it stands; still Running when it has not ended. */
    resume(run: AnalysisRun, measurement: Measurement, find: (namespace: string, name: string) => KubeObject | undefined, now: number): Measurement;
    /** Ends it early. */
    end(run: AnalysisRun, measurement: Measurement, client: KubeClient, signal: AbortSignal): Promise<void>;
    /** Lets go what old measurements left behind, all but the newest. */
    collect(run: AnalysisRun, kept: number, jobs: readonly KubeObject[], client: KubeClient, signal: AbortSignal): Promise<void>;
  };
}

/** RFC3339 in whole seconds, as a status tells time. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
