import { AppError, Code } from "@trireme/runtime";
import { shape } from "../json/shape.ts";
import type { FieldPlan, MessagePlan, Scalar } from "../json/plan.ts";
import type { HttpRule, PublicMethod } from "./contract.ts";

type Json = Record<string, unknown>;

export interface RestInput {
  rule: HttpRule;
  pathValues: Record<string, string>;
  query: URLSearchParams;
  body: Buffer | undefined;
}

/** The request message that a REST call means: its body, then its path, then what is left of its query. */
export function requestOf(method: PublicMethod, { rule, pathValues, query, body }: RestInput): Json {
  const plan = method.request;
  const request: Json = {};
  if (rule.body === "*") Object.assign(request, shapedBody(plan, body));
  else if (rule.body !== undefined) {
    const field = plan.fields.find(({ proto }) => proto === rule.body)!;
    request[field.json] = "message" in field.of ? shapedBody(field.of.message, body) : (parseJson(body) ?? undefined);
  }
  for (const [path, value] of Object.entries(pathValues)) setPath(plan, request, path, [value]);
  if (rule.body !== "*") {
    const taken = [...Object.keys(pathValues), ...(rule.body === undefined ? [] : [rule.body])];
    for (const [key, values] of grouped(query)) {
      if (taken.some((path) => path === key || key.startsWith(`${path}.`))) continue;
      setPath(plan, request, key, values);
    }
  }
  return shape(plan, request);
}

function shapedBody(plan: MessagePlan, body: Buffer | undefined): Json {
  return shape(plan, parseJson(body) ?? {}, { lenient: true });
}

/** An empty body is an empty message. @throws AppError InvalidJson in Go's words, which clients match on. */
function parseJson(body: Buffer | undefined): unknown {
  const text = body?.toString("utf8") ?? "";
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(goSyntaxError(text, (cause as Error).message), { reason: "InvalidJson", code: Code.InvalidArgument, retry: "never", cause });
  }
}

function goSyntaxError(text: string, message: string): string {
  if (/end of JSON input|Unterminated string|end of data/i.test(message)) return "unexpected EOF";
  const token = /Unexpected token '(.)'/.exec(message)?.[1];
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? (token === undefined ? 0 : text.indexOf(token)));
  if (position >= text.length) return "unexpected EOF";
  const before = text.slice(0, position).trimEnd().at(-1);
  const wanted = before === undefined ? "looking for beginning of value" : before === "{" || before === "," ? "looking for beginning of object key string" : before === ":" || before === "[" ? "looking for beginning of value" : "after object key:value pair";
  return `invalid character '${text[position]}' ${wanted} at position ${position}`;
}

/** Sets a dotted path; what the message does not have is ignored, as clients rely on. */
function setPath(plan: MessagePlan, target: Json, path: string, values: string[]): void {
  const [head, ...rest] = path.split(".") as [string, ...string[]];
  const field = plan.fields.find(({ proto, json }) => proto === head || json === head);
  if (!field) return;
  if (rest.length > 0) {
    if (!("message" in field.of) || field.shape !== "single") throw invalid(`unexpected nested field ${rest[0]} in ${path}`);
    const nested = (target[field.json] ??= {}) as Json;
    setPath(field.of.message, nested, rest.join("."), values);
    return;
  }
  target[field.json] = valueOf(field, values, path);
}

function valueOf(field: FieldPlan, values: string[], path: string): unknown {
  if (!("scalar" in field.of) || field.shape === "map") throw invalid(`field ${path} is not supported in query parameters`);
  const { scalar } = field.of;
  return field.shape === "repeated" ? values.map((value) => scalarOf(scalar, value, path)) : scalarOf(scalar, values[0] ?? "", path);
}

function scalarOf(scalar: Scalar, text: string, path: string): unknown {
  if (scalar === "string" || scalar === "bytes") return text;
  if (scalar === "bool") {
    if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
    if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
    throw invalid(`type mismatch, parameter: ${path}, error: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const number = Number(text);
  const whole = scalar === "double" || scalar === "float" || Number.isSafeInteger(number);
  if (text.trim() === "" || !Number.isFinite(number) || !whole) throw invalid(`type mismatch, parameter: ${path}, error: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return number;
}

function grouped(query: URLSearchParams): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of query) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

function invalid(message: string): AppError {
  return new AppError(message, { reason: "InvalidQuery", code: Code.InvalidArgument, retry: "never" });
}
