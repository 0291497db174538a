import { sameJson, sourcesOf } from "@trireme/gitops";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";
import { desiredState } from "./desired.ts";
import type { Facts } from "./facts.ts";
import type { AppMemory, Desired } from "./memory.ts";
import { pinKey, type Wake } from "./wakes.ts";

/** What Git wants, as far as the visit's level asks for it anew; remembered, and whether it is other than before. */
export async function desiredFor(deps: Deps, facts: Facts, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Desired> {
  const { app } = facts;
  const sources = sourcesOf(app.spec);
  const { level, hard, pinned } = wake;
  if (level < 2 && memory.desired !== undefined && sameJson(memory.desired.sources, sources)) return memory.desired;
  const revisions = sources.map((source) => (level >= 3 ? "" : (pinned.get(pinKey(source.repoURL, source.targetRevision)) ?? "")));
  const desired = await desiredState(deps.ctx, {
    ...desiredInput(deps, facts, { sources, revisions, signal }),
    known: memory.desired,
    noCache: hard,
    noRevisionCache: level >= 3,
  });
  if (memory.desired === undefined || memory.desired.digest !== desired.digest || !sameJson(memory.desired.sources, desired.sources)) memory.touched = true;
  memory.desired = desired;
  return desired;
}
