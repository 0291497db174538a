import type { Json } from "@trireme/api";
import { findFirst, JsonPathError, verdict, type Measurement, type WebMetric } from "@trireme/rollouts";
import { AppError, Code } from "@trireme/runtime";
import type { TokenStore } from "./oauth2.ts";
import { timeText, type Measuring, type Provider } from "./provider.ts";

const TIMEOUT_MS = 10_000;
/** Longest value that a status keeps. */
const LONGEST_VALUE = 16 * 1024;

/** One HTTP request; the first value that its JSONPath finds in the answer is judged. */
export function webProvider(tokens: TokenStore): Provider {
  return {
    async run(measuring) {
      const web = measuring.metric.provider.web!;
      const startedAt = timeText(measuring.now());
      const text = await answerOf(web, measuring, tokens);
      return { ...judge(web, text, measuring), startedAt, finishedAt: timeText(measuring.now()) };
    },
  };
}

async function answerOf(web: WebMetric, { http, now, signal }: Measuring, tokens: TokenStore): Promise<string> {
  const method = web.method || "GET";
  const hasJson = web.jsonBody !== undefined && web.jsonBody !== null;
  if (web.body && hasJson) throw problem("use either Body or JSONBody; both cannot exists for WebMetric payload");
  if ((web.body || hasJson) && method === "GET") throw problem("Body/JSONBody can only be used with POST or PUT WebMetric Method types");
  const send = { timeoutMs: (web.timeoutSeconds ?? 0) > 0 ? web.timeoutSeconds! * 1000 : TIMEOUT_MS, insecure: web.insecure === true, signal };
  const authorization = await tokens.headerFor(web.authentication?.oauth2, { http, send, now });
  const headers = { ...Object.fromEntries((web.headers ?? []).map(({ key, value }) => [key.toLowerCase(), value])), ...(hasJson && { "content-type": "application/json" }), ...(authorization !== undefined && { authorization }) };
  const body = web.body ? web.body : hasJson ? JSON.stringify(web.jsonBody) : undefined;
  const { status, text } = await http.send({ ...send, method, url: web.url, headers, ...(body !== undefined && { body }) });
  if (status < 200 || status >= 300) throw problem(`received non 2xx response code: ${status}`);
  return text;
}

/** An answer that is no JSON is good as it is: Argo Rollouts asks no condition then. */
function judge(web: WebMetric, text: string, { metric }: Measuring): Pick<Measurement, "phase" | "message" | "value"> {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch {
    return { phase: "Successful", value: text.slice(0, LONGEST_VALUE) };
  }
  let found: Json | undefined;
  try {
    found = findFirst(web.jsonPath || "{$}", document);
  } catch (error) {
    if (error instanceof JsonPathError) throw problem(`Could not find JSONPath in body: ${error.message}`);
    throw error;
  }
  if (found === undefined) throw problem("result of web metric produced no value");
  const judged = verdict({ json: found }, metric);
  return judged.phase === "Error" ? judged : { ...judged, value: goJson(found).slice(0, LONGEST_VALUE) };
}

/** JSON as Go writes it: keys in order, `<`, `>` and `&` escaped. */
function goJson(value: Json): string {
  const sorted = (part: Json | undefined): Json => {
    if (part === undefined || part === null || typeof part !== "object") return part ?? null;
    return Array.isArray(part) ? part.map(sorted) : Object.fromEntries(Object.keys(part).sort().map((key) => [key, sorted(part[key])]));
  };
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function problem(message: string): AppError {
  return new AppError(message, { reason: "MeasurementFailed", code: Code.FailedPrecondition, retry: "later" });
}
