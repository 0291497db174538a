import type { Stack } from "./stack.ts";
import { until, type Verdict } from "./until.ts";

export interface Answer<T = any> {
  status: number;
  headers: Headers;
  body: T;
  text: string;
}

/** The product's REST door as one signed-in user sees it. */
export class Api {
  readonly url: string;
  token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  static async signIn(stack: Pick<Stack, "url" | "adminPassword">, username = "admin", password = stack.adminPassword): Promise<Api> {
    const api = new Api(stack.url);
    const { body } = await api.must("POST", "/api/v1/session", { username, password });
    api.token = body.token;
    return api;
  }

  async call<T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(method !== "GET" && { "content-type": "application/json" }), ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
      redirect: "manual",
    });
    const text = await response.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.status, headers: response.headers, body: parsed as T, text };
  }

  /** As `call`, but anything but a 2xx fails with what the server said. */
  async must<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    const answer = await this.call<T>(method, path, body, headers);
    if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer;
  }

  async app(name: string, query = ""): Promise<any> {
    return (await this.must("GET", `/api/v1/applications/${name}${query}`)).body;
  }

  /** Waits for an application to become what the judges say. */
  async becomes(name: string, ...judges: ((app: any) => Verdict)[]): Promise<any> {
    return until(
      `application ${name}`,
      () => this.app(name),
      (app) => judges.map((judge) => judge(app)).find((verdict) => verdict !== true) ?? true,
      30_000,
    );
  }
}

const state = (app: any): string =>
  `sync ${app.status?.sync?.status ?? "none"} at ${app.status?.sync?.revision ?? "none"}, health ${app.status?.health?.status ?? "none"}, operation ${app.status?.operationState?.phase ?? "none"}${app.operation ? " (pending)" : ""}: ${app.status?.operationState?.message ?? ""} ${(app.status?.conditions ?? []).map((condition: any) => `${condition.type}: ${condition.message}`).join("; ")}`;

const judge =
  (holds: (app: any) => boolean) =>
  (app: any): Verdict =>
    holds(app) || { notYet: state(app) };

export const syncIs = (status: string, revision?: string) => judge((app) => app.status?.sync?.status === status && (revision === undefined || app.status.sync.revision === revision));
export const healthIs = (status: string) => judge((app) => app.status?.health?.status === status);
export const phaseIs = (phase: string) => judge((app) => app.operation === undefined && app.status?.operationState?.phase === phase);
export const condition = (type: string, text: string | RegExp) => judge((app) => (app.status?.conditions ?? []).some((c: any) => c.type === type && (typeof text === "string" ? c.message.includes(text) : text.test(c.message))));
export const imageIs = (image: string) => judge((app) => (app.status?.summary?.images ?? []).includes(image));
