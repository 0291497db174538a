import type { KubeObject } from "@trireme/api";
import { invalid } from "../errors.ts";
import { HASH, ownedBy, revisionOf } from "./objects.ts";

/**
 * The pod template of an earlier revision (0: the one before the newest), without the label that the controller adds.
 * `undefined` where the Rollout has it already. Throws for a revision that is not there.
 */
export function earlierTemplate(rollout: KubeObject, replicaSets: readonly KubeObject[], revision: number): object | undefined {
  const sets = replicaSets.filter(ownedBy(rollout.metadata.uid)).sort((a, b) => revisionOf(b) - revisionOf(a));
  const set = revision === 0 ? sets[1] : sets.find((each) => revisionOf(each) === revision);
  if (set === undefined) throw invalid(revision === 0 ? `no revision found for rollout ${JSON.stringify(rollout.metadata.name)}` : `unable to find specified revision ${revision} in history`, "RevisionNotFound");
  const wanted = withoutHash(set["spec"]?.template ?? {});
  return isWithin(withoutHash(rollout["spec"]?.template ?? {}), wanted) ? undefined : wanted;
}

/** What is written down about it. */
export function wentBack(revision: number): string {
  return `went back to ${revision === 0 ? "the revision before" : `revision ${revision}`}`;
}

function withoutHash(template: any): any {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Whether all that `part` says is so in `whole`, which may say more: a set's template carries the API server's defaults. */
function isWithin(part: any, whole: any): boolean {
  if (part === undefined || part === null || part === "" || part === 0 || part === false) return true;
  if (Array.isArray(part)) return part.length === 0 || (Array.isArray(whole) && part.length === whole.length && part.every((item, index) => isWithin(item, whole[index])));
  if (typeof part !== "object") return part === whole;
  return typeof whole === "object" && whole !== null && Object.keys(part).every((key) => isWithin(part[key], whole[key]));
}
