import { firstItems } from "./first-items.ts";
import { sessionChanged } from "./session-changes.ts";

/** What the server refused, in its own words. */
export class ApiError extends Error {
  override name = "ApiError";
  /** HTTP status; 0: the server could not be reached. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The session is over, or was never begun; whoever did not sign in in time can try again once they have. */
export class SessionError extends ApiError {
  override name = "SessionError";
}

/** Where one signs in and out. */
export const SIGN_IN = "api/v1/session";

/** One call of the API, relative to where the page is served. Throws ApiError. */
export async function call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await reach(path, { method, ...(signal && { signal }), ...(method !== "GET" && { headers: { "content-type": "application/json" } }), ...(body !== undefined && { body: JSON.stringify(body) }) });
  return answerOf(path, response);
}

/**
 * A list whose answer begins with its items. The first of them are handed over as soon as they are there, where the
 * rest is long. Throws ApiError.
 */
export async function callList<T>(path: string, onFirst: (items: T[]) => void, signal: AbortSignal): Promise<{ items?: T[] | null; metadata?: { resourceVersion?: string } }> {
  const response = await reach(path, { method: "GET", signal });
  if (!response.ok || response.body === null) return answerOf(path, response);
  const decoder = new TextDecoder();
  let text = "";
  let first: T[] | undefined;
  for (const reader = response.body.getReader(); ; ) {
    const { value, done } = await reached(reader.read());
    text += decoder.decode(value, { stream: !done });
    if (done) return JSON.parse(text);
    if (first === undefined && (first = firstItems<T>(text)) !== undefined) onFirst(first);
  }
}

/** As `call`, where the answer is nothing that the page should hold: it is not read. Throws ApiError. */
export async function send(method: "POST" | "PUT" | "DELETE", path: string, body: unknown): Promise<void> {
  const response = await reach(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (response.ok) return void response.body?.cancel();
  throw new ApiError(response.status, messageOf(await response.text()) || response.statusText);
}

/** An address below the page's own, with its parameters; empty ones are left out. */
export function address(path: string, parameters: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams(Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "")).toString();
  return query === "" ? path : `${path}?${query}`;
}

async function answerOf<T>(path: string, response: Response): Promise<T> {
  const text = await reached(response.text());
  if (response.ok) return (text === "" ? {} : JSON.parse(text)) as T;
  if (response.status === 401 && path !== SIGN_IN) {
    sessionChanged("signed out");
    throw new SessionError(response.status, messageOf(text));
  }
  throw new ApiError(response.status, messageOf(text) || response.statusText);
}

const reach = (path: string, init: RequestInit): Promise<Response> => reached(fetch(new URL(path, document.baseURI), init));

async function reached<T>(exchange: Promise<T>): Promise<T> {
  try {
    return await exchange;
  } catch (thrown) {
    if ((thrown as Error).name === "AbortError") throw thrown;
    throw new ApiError(0, "");
  }
}

function messageOf(text: string): string {
  try {
    const answer = JSON.parse(text) as { message?: string; error?: string };
    return answer.message ?? answer.error ?? "";
  } catch {
    return text.trim().slice(0, 500);
  }
}
