import type { Logger } from "@trireme/runtime";
import type { PushedRef } from "./pushed-refs.ts";

const DEADLINE_MS = 5000;

/** Tells the product's webhook of a push, as GitHub does. What does not arrive is found by the next poll. */
export async function sendPush(url: string, { repository, defaultBranch, ref, before, after }: PushedRef, log: Logger): Promise<void> {
  try {
    const body = JSON.stringify({ ref, before, after, repository: { html_url: repository, clone_url: `${repository}.git`, default_branch: defaultBranch }, commits: [] });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json", "x-github-event": "push" }, body, signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 200)}`);
  } catch (error) {
    log.warn({ url, repository, ref, error: (error as Error).message }, "the push could not be told");
  }
}
