import type { Json, KubeObject } from "@trireme/api";

/** Phases of runs, metrics and measurements as Argo Rollouts writes them; "" is a run that nobody has seen yet. */
export const AnalysisPhase = { Pending: "Pending", Running: "Running", Successful: "Successful", Failed: "Failed", Error: "Error", Inconclusive: "Inconclusive" } as const;
export type AnalysisPhase = (typeof AnalysisPhase)[keyof typeof AnalysisPhase];

/** True for the four phases that nothing follows. */
export function isCompleted(phase: string | undefined): boolean {
  return phase === "Successful" || phase === "Failed" || phase === "Error" || phase === "Inconclusive";
}

export interface AnalysisArgument {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: { name: string; key: string };
    fieldRef?: { fieldPath: string };
    /** Only in a Rollout's own arguments. */
    podTemplateHashValue?: "Stable" | "Latest";
  };
}

export interface AnalysisTemplateRef {
  templateName?: string;
  clusterScope?: boolean;
}

/** Whole, or text that is a number once arguments are in it. */
export type IntOrText = number | string;

export interface Metric {
  name: string;
  interval?: string;
  initialDelay?: string;
  count?: IntOrText;
  successCondition?: string;
  failureCondition?: string;
  failureLimit?: IntOrText;
  inconclusiveLimit?: IntOrText;
  consecutiveErrorLimit?: IntOrText;
  consecutiveSuccessLimit?: IntOrText;
  provider: MetricProvider;
}

/** Exactly one is set. */
export interface MetricProvider {
  job?: JobMetric;
  prometheus?: PrometheusMetric;
  web?: WebMetric;
  [other: string]: unknown;
}

export interface JobMetric {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, any>;
}

export interface OAuth2 {
  tokenUrl?: string;
  clientId?: string;
  clientSecret?: string;
  scopes?: string[];
}

export interface MetricAuthentication {
  oauth2?: OAuth2;
  sigv4?: { region?: string; profile?: string; roleArn?: string };
}

export interface PrometheusMetric {
  address?: string;
  query?: string;
  /** Seconds. */
  timeout?: number;
  insecure?: boolean;
  headers?: { key: string; value: string }[];
  authentication?: MetricAuthentication;
  rangeQuery?: { start?: string; end?: string; step?: string };
}

export interface WebMetric {
  url: string;
  method?: string;
  headers?: { key: string; value: string }[];
  body?: string;
  jsonBody?: Json;
  timeoutSeconds?: number;
  jsonPath?: string;
  insecure?: boolean;
  authentication?: MetricAuthentication;
}

export interface DryRun {
  /** Unanchored regular expression. */
  metricName: string;
}

export interface MeasurementRetention {
  /** Unanchored regular expression. */
  metricName: string;
  limit: number;
}

export interface AnalysisTemplateSpec {
  metrics?: Metric[];
  args?: AnalysisArgument[];
  dryRun?: DryRun[];
  measurementRetention?: MeasurementRetention[];
  templates?: AnalysisTemplateRef[];
}

/** AnalysisTemplate or ClusterAnalysisTemplate. */
export interface AnalysisTemplate extends KubeObject {
  kind: "AnalysisTemplate" | "ClusterAnalysisTemplate";
  spec: AnalysisTemplateSpec;
}

export interface AnalysisRunSpec {
  metrics: Metric[];
  args?: AnalysisArgument[];
  terminate?: boolean;
  dryRun?: DryRun[];
  measurementRetention?: MeasurementRetention[];
  ttlStrategy?: { secondsAfterCompletion?: number; secondsAfterFailure?: number; secondsAfterSuccess?: number };
}

export interface Measurement {
  phase: AnalysisPhase;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  value?: string;
  metadata?: Record<string, string>;
  resumeAt?: string;
}

export interface MetricResult {
  name: string;
  phase: AnalysisPhase;
  measurements?: Measurement[];
  message?: string;
  count?: number;
  successful?: number;
  failed?: number;
  inconclusive?: number;
  error?: number;
  consecutiveError?: number;
  consecutiveSuccess?: number;
  dryRun?: boolean;
  metadata?: Record<string, string>;
}

/** Counts metrics, not measurements; zeros are left out, as Go does. */
export interface RunSummary {
  count?: number;
  successful?: number;
  failed?: number;
  inconclusive?: number;
  error?: number;
}

export interface AnalysisRunStatus {
  phase: AnalysisPhase | "";
  message?: string;
  metricResults?: MetricResult[];
  startedAt?: string;
  completedAt?: string;
  runSummary?: RunSummary;
  dryRunSummary?: RunSummary;
}

export interface AnalysisRun extends KubeObject {
  kind: "AnalysisRun";
  spec: AnalysisRunSpec;
  status?: AnalysisRunStatus;
}
