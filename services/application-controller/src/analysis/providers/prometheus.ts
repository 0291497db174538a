import { parseDuration } from "@trireme/api";
import { evaluateTime, ExprError } from "@trireme/api/expr";
import { verdict, type Measurement, type PrometheusMetric } from "@trireme/rollouts";
import { AppError, Code } from "@trireme/runtime";
import type { TokenStore } from "./oauth2.ts";
import { timeText, type Measuring, type Provider } from "./provider.ts";

const TIMEOUT_MS = 30_000;

/** An instant or range query; every sample's value in one list, or the one number of a scalar, is judged. */
export function prometheusProvider(tokens: TokenStore): Provider {
  return {
    metadata: ({ provider }) => (provider.prometheus?.query ? { ResolvedPrometheusQuery: provider.prometheus.query } : {}),
    async run(measuring) {
      const startedAt = timeText(measuring.now());
      const { data, warnings } = await answerOf(measuring.metric.provider.prometheus!, measuring, tokens);
      const { measured, value } = read(data);
      const judged = verdict(measured, measuring.metric);
      const metadata = warnings.length === 0 ? {} : { metadata: { warnings: warnings.map((warning) => `"${warning}"`).join(", ") } };
      return { ...judged, ...(judged.phase !== "Error" && { value }), ...metadata, startedAt, finishedAt: timeText(measuring.now()) } satisfies Measurement;
    },
  };
}

interface Answer {
  data: { resultType?: string; result?: unknown };
  warnings: readonly string[];
}

async function answerOf(prometheus: PrometheusMetric, measuring: Measuring, tokens: TokenStore): Promise<Answer> {
  const { http, now, signal, settings } = measuring;
  const address = addressOf(prometheus.address || settings.prometheusAddress);
  const { timeout, authentication, headers = [], rangeQuery } = prometheus;
  if (timeout !== undefined && timeout < 0) throw problem("prometheus timeout should not be negative");
  if (address.includes("aps-workspaces") && Object.keys(authentication?.sigv4 ?? {}).length > 0) throw problem("sigv4 authentication is not supported");
  const send = { timeoutMs: timeout === undefined ? TIMEOUT_MS : timeout * 1000, insecure: prometheus.insecure === true, signal };
  const authorization = await tokens.headerFor(authentication?.oauth2, { http, send, now });
  const parameters = rangeQuery === undefined ? { time: seconds(now()) } : rangeParameters(rangeQuery, now());
  const { status, text } = await http.send({
    ...send,
    method: "POST",
    url: `${address.replace(/\/+$/, "")}/api/v1/${rangeQuery === undefined ? "query" : "query_range"}`,
    headers: { "content-type": "application/x-www-form-urlencoded", ...Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value])), ...(authorization !== undefined && { authorization }) },
    body: new URLSearchParams({ query: prometheus.query ?? "", ...parameters }).toString(),
  });
  return parse(status, text);
}

function addressOf(address: string | undefined): string {
  if (!address) throw problem("prometheus address is not configured");
  const url = URL.parse(address);
  if (url === null || url.host === "") throw problem("prometheus address is not is url format");
  return address;
}

function rangeParameters({ start, end, step }: NonNullable<PrometheusMetric["rangeQuery"]>, now: number): { start: string; end: string; step: string } {
  const time = (expression: string | undefined, name: string) => {
    try {
      return seconds(evaluateTime(expression ?? "", now));
    } catch (error) {
      if (error instanceof ExprError) throw problem(`failed to parse rangeQuery.${name} as time: ${error.message}`);
      throw error;
    }
  };
  const stepMs = parseDuration(step ?? "");
  if (stepMs === undefined) throw problem(`failed to parse rangeQuery.step as duration: time: invalid duration ${JSON.stringify(step ?? "")}`);
  return { start: time(start, "start"), end: time(end, "end"), step: String(stepMs / 1000) };
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

function parse(status: number, text: string): Answer {
  let body: { status?: string; data?: Answer["data"]; errorType?: string; error?: string; warnings?: string[] };
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    if (status >= 500) throw problem(`server_error: server error: ${status}`);
    if (status >= 400) throw problem(`client_error: client error: ${status}`);
    throw problem("bad_response: the answer is no JSON");
  }
  if (body.status === "error" || status >= 400) throw problem(`${body.errorType ?? (status >= 500 ? "server_error" : "client_error")}: ${body.error ?? `status ${status}`}`);
  return { data: body.data ?? {}, warnings: body.warnings ?? [] };
}

function read({ resultType, result }: Answer["data"]): { measured: { number: number } | { numbers: number[] }; value: string } {
  switch (resultType) {
    case "scalar": {
      const number = float((result as [number, string])[1]);
      return { measured: { number }, value: plainText(number) };
    }
    case "vector":
      return list((result as { value?: [number, string] }[]).map((sample) => float(sample.value?.[1])));
    case "matrix":
      return list((result as { values?: [number, string][] }[]).flatMap((series) => (series.values ?? []).map(([, value]) => float(value))));
    default:
      throw problem("Prometheus metric type not supported");
  }
}

function list(numbers: number[]) {
  return { measured: { numbers }, value: `[${numbers.map(plainText).join(",")}]` };
}

/** A sample without a plain value (a native histogram) counts as 0, as in Go's client. */
function float(text: string | undefined): number {
  if (text === undefined) return 0;
  return Number(text.replace(/^([+-]?)Inf$/i, "$1Infinity"));
}

/** A number in full, without an exponent. */
function plainText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const text = String(value);
  if (!text.includes("e")) return text;
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  const [, sign, digits, power] = /^(-?)([\d.]+)e-(\d+)$/.exec(text)!;
  return `${sign}0.${"0".repeat(Number(power) - 1)}${digits!.replace(".", "")}`;
}

function problem(message: string): AppError {
  return new AppError(message, { reason: "MeasurementFailed", code: Code.FailedPrecondition, retry: "later" });
}
