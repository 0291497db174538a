import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

export interface Exchange {
  n: number;
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: unknown };
  response: { status: number; headers: Record<string, string>; body?: any; text?: string };
}

export interface Recording {
  repository: { url: string; branch: string; tags: Record<string, string>; files: Record<string, string> };
  exchanges: Exchange[];
}

/** How this product answers one exchange. Kept beside the recording, as data. */
export interface Verdict {
  n: number;
  verdict: "same" | "better" | "later";
  /** Why the answer is better, which part of the product is still to come, or what may differ by the moment. */
  reason?: string;
  /** For `better`: what differs, exactly. */
  status?: number;
  message?: string;
  differs?: string[];
  /** Differences that come and go with the moment: present or not, the answer is right. */
  may?: string[];
}

export async function recording(): Promise<Recording> {
  return JSON.parse(await readFile(path.join(import.meta.dirname, "argo-cd-3.5.1-rest.json"), "utf8")) as Recording;
}

export async function verdicts(): Promise<Map<number, Verdict>> {
  const list = JSON.parse(await readFile(path.join(import.meta.dirname, "verdicts.json"), "utf8")) as Verdict[];
  return new Map(list.map((verdict) => [verdict.n, verdict]));
}

/** Values that stand for others in the recording, and what they are here. */
export interface Values {
  "http://git.example.test": string;
  "<jwt>": string;
  "<password>": string;
  "<sha>": string;
}

const SECRET = "s3cret";

/** A recorded request with this run's values, its signature made anew over the body that is sent. */
export function requestOf({ request }: Exchange, values: Values): { method: string; path: string; headers: Record<string, string>; body?: string } {
  const fill = (text: string) => Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), text);
  const inPath = (text: string) => fill(text.replaceAll(encodeURIComponent("http://git.example.test"), encodeURIComponent(values["http://git.example.test"])));
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value)]));
  const { body } = request;
  // A body that is text in the recording and no broken JSON was sent as a JSON string.
  const text = body === undefined ? undefined : typeof body === "string" ? (isRawText(body, headers) ? fill(body) : JSON.stringify(fill(body))) : fill(JSON.stringify(body));
  if (headers["x-hub-signature-256"] !== undefined) headers["x-hub-signature-256"] = `sha256=${createHmac("sha256", SECRET).update(text ?? "").digest("hex")}`;
  return { method: request.method, path: inPath(request.path), headers, ...(text !== undefined && { body: text }) };
}

/** Text as the recording would have it: this run's values back to their names. */
export function recordedText(text: string, values: Values): string {
  return Object.entries(values).reduce((named, [name, value]) => (value === "" ? named : named.replaceAll(value, name)), text);
}

function isRawText(body: string, headers: Record<string, string>): boolean {
  return body.startsWith('{"username":') || headers["content-type"] === "application/x-www-form-urlencoded";
}

/** The messages of a server-sent stream. */
export function eventsOf(text: string): unknown[] {
  return text.split("\n").flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice("data: ".length))] : []));
}
