import { durationProblem, parseDuration } from "@trireme/api";
import { intOf } from "./limits.ts";
import type { Metric } from "./types.ts";

/** Providers that can be measured with. */
export const PROVIDERS = ["job", "prometheus", "web"] as const;
/** Those that Argo Rollouts has besides. */
const OTHER_PROVIDERS = ["kayenta", "wavefront", "newRelic", "datadog", "cloudWatch", "graphite", "influxdb", "skywalking", "plugin"];

/** The first thing that is wrong with resolved metrics, in Argo's words. */
export function validateMetrics(metrics: readonly Metric[]): string | undefined {
  if (metrics.length === 0) return "no metrics specified";
  const names = new Set<string>();
  for (const [index, metric] of metrics.entries()) {
    if (names.has(metric.name)) return `metrics[${index}]: duplicate name '${metric.name}'`;
    names.add(metric.name);
    const problem = validateMetric(metric);
    if (problem !== undefined) return `metrics[${index}]: ${problem}`;
  }
  return undefined;
}

function validateMetric(metric: Metric): string | undefined {
  return limitProblem(metric) ?? timeProblem(metric) ?? providerProblem(metric);
}

function limitProblem(metric: Metric): string | undefined {
  const [count, failures, successes, inconclusive] = [metric.count, metric.failureLimit, metric.consecutiveSuccessLimit, metric.inconclusiveLimit].map(intOf) as [number, number, number, number];
  if (successes < 0) return "consecutiveSuccessLimit must be >= 0";
  if (failures < -1) return "failureLimit must be >= 0, or -1 to be disabled";
  if (successes === 0 && failures === -1) return "failureLimit and consecutiveSuccessLimit cannot both be disabled";
  if (inconclusive < 0) return "inconclusiveLimit must be >= 0";
  if (intOf(metric.consecutiveErrorLimit) < 0) return "consecutiveErrorLimit must be >= 0";
  if (count <= 0) return undefined;
  if (failures >= 0 && count < failures + successes) return `count (${count}) must be >= failureLimit + consecutiveSuccessLimit (${failures} + ${successes}) if both >= 0`;
  if (failures < 0 && count < successes) return "count must be >= consecutiveSuccessLimit";
  return count < inconclusive ? "count must be >= inconclusiveLimit" : undefined;
}

function timeProblem({ count, interval, initialDelay }: Metric): string | undefined {
  if (intOf(count) > 1 && !interval) return "interval must be specified when count > 1";
  if (interval && parseDuration(interval) === undefined) return `invalid interval string: ${durationProblem(interval)}`;
  if (initialDelay && parseDuration(initialDelay) === undefined) return `invalid startDelay string: ${durationProblem(initialDelay)}`;
  return undefined;
}

function providerProblem({ provider }: Metric): string | undefined {
  const named = Object.entries(provider ?? {}).flatMap(([name, value]) => (value === undefined || value === null ? [] : name === "plugin" ? Object.keys(value).map((plugin) => `plugin ${plugin}`) : [name]));
  if (named.length === 0) return "no provider specified";
  if (named.length > 1) return "multiple providers specified";
  const [name] = named as [string];
  if ((PROVIDERS as readonly string[]).includes(name)) return undefined;
  const isKnown = OTHER_PROVIDERS.some((other) => name === other || name.startsWith("plugin "));
  return isKnown ? `provider '${name}' is not supported (supported are ${PROVIDERS.join(", ")})` : "no provider specified";
}
