import { argumentsWith, redactSecrets, secretQuestions, substitute, type AnalysisRun, type Measurement, type Metric, type Taken } from "@trireme/rollouts";
import { isKubeError, isNotFound, type KubeClient } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import type { HttpClient } from "./providers/http.ts";
import type { Providers } from "./providers/index.ts";
import { timeText, type Measuring, type ProviderSettings } from "./providers/provider.ts";

/** What taking a measurement needs beside the run. */
export interface Tools {
  providers: Providers;
  http: HttpClient;
  settings: ProviderSettings;
  now(): number;
}

const SECRET_MS = 10_000;

/**
 * Takes a measurement, or begins it. Secrets are read now and leave no trace in what is answered. The problem ends the run;
 * what throws was not taken and is to be tried again. A provider's failure is a measurement in error.
 */
export async function measure(run: AnalysisRun, what: { metric: string; index: number }, given: Tools & Pick<Measuring, "client" | "observe" | "signal">): Promise<Taken | { problem: string }> {
  const raw = run.spec.metrics.find((metric) => metric.name === what.metric) ?? run.spec.metrics.find((metric) => metric.name.includes("{{"));
  const secrets = await readSecrets(run, given.client, given.signal);
  if ("problem" in secrets) return { problem: `Unable to resolve metric arguments: ${secrets.problem}` };
  const resolved = substitute(raw === undefined ? [] : run.spec.metrics, argumentsWith(run.spec.args ?? [], secrets.values));
  if ("problem" in resolved) return { problem: `Unable to resolve metric arguments: ${redactSecrets(resolved.problem, secrets.values.values())}` };
  const metric = resolved.value.find(({ name }) => name === what.metric);
  const provider = metric === undefined ? undefined : given.providers(metric);
  if (metric === undefined || provider === undefined) return { problem: `no valid provider in metric '${what.metric}'` };

  const startedAt = given.now();
  const measurement = await provider.run({ ...given, run, metric, index: what.index }).catch((error: unknown): Measurement => {
    given.signal.throwIfAborted();
    return { phase: "Error", message: asAppError(error).message, startedAt: timeText(startedAt), finishedAt: timeText(given.now()) };
  });
  return redacted({ ...what, measurement, ...metadataOf(provider.metadata, metric) }, secrets.values);
}

function metadataOf(metadata: ((metric: Metric) => Record<string, string>) | undefined, metric: Metric): { metadata?: Record<string, string> } {
  return metadata === undefined ? {} : { metadata: metadata(metric) };
}

/** The values of a run's secrets, by argument. One that is not there, or may not be read, is a problem; a server that is away throws. */
async function readSecrets(run: AnalysisRun, client: KubeClient, signal: AbortSignal): Promise<{ values: Map<string, string> } | { problem: string }> {
  const values = new Map<string, string>();
  for (const { arg, secret, key } of secretQuestions(run.spec.args ?? [])) {
    let data: Record<string, string>;
    try {
      const object = await client.get({ group: "", version: "v1", kind: "Secret", namespace: run.metadata.namespace ?? "", name: secret }, { signal: AbortSignal.any([signal, AbortSignal.timeout(SECRET_MS)]) });
      data = (object["data"] ?? {}) as Record<string, string>;
    } catch (error) {
      if (isNotFound(error)) return { problem: `secrets "${secret}" not found` };
      if (isKubeError(error, "Forbidden")) return { problem: asAppError(error).message };
      throw error;
    }
    if (!Object.hasOwn(data, key)) return { problem: `key '${key}' does not exist in secret '${secret}'` };
    values.set(arg, Buffer.from(data[key]!, "base64").toString("utf8"));
  }
  return { values };
}

/** Nothing that a status keeps tells a secret: neither a message nor a value that came back with it. */
function redacted(taken: Taken, secrets: ReadonlyMap<string, string>): Taken {
  if (secrets.size === 0) return taken;
  const clean = (text: string) => redactSecrets(text, secrets.values());
  const cleanAll = (texts: Record<string, string>) => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, clean(text)]));
  const { message, value, metadata } = taken.measurement;
  return {
    ...taken,
    measurement: { ...taken.measurement, ...(message !== undefined && { message: clean(message) }), ...(value !== undefined && { value: clean(value) }), ...(metadata !== undefined && { metadata: cleanAll(metadata) }) },
    ...(taken.metadata !== undefined && { metadata: cleanAll(taken.metadata) }),
  };
}
