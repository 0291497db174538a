import { keyText, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { isHook, type FieldDifference } from "@trireme/gitops";
import { AppError, Code } from "@trireme/runtime";
import type { ObjectComparison } from "../applications/compare.ts";
import { desiredState } from "../applications/desired.ts";
import { compareWith, factsOf } from "../applications/facts.ts";
import { newMemory, type AppMemory } from "../applications/memory.ts";
import { masked } from "../clusters/redact.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";

/** A trireme.v1.ObjectDifference, its values as JSON texts. */
export interface ObjectDifference {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  state: "Modified" | "Missing" | "RequiresPruning";
  desired?: string;
  live?: string;
  fields: { path: string; desired?: string; live?: string; writer?: string; operation?: string; writtenAt?: string }[];
}

/** The compared objects that differ, by kind, namespace and name; hooks that are left over are nobody's difference. */
export function* differencesOf(compared: Iterable<ObjectComparison>, hiddenAnnotations: readonly string[]): Generator<ObjectDifference> {
  const differing = [...compared].filter(({ target, live, modified }) => modified && !(target === undefined && live !== undefined && isHook(live)));
  for (const one of differing.sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))) yield shown(one, hiddenAnnotations);
}

/** An entry of the history, rendered again and compared with the cluster as its rollback would. Touches nothing that is remembered. */
export async function compareEntry(deps: Deps, app: Application, memory: AppMemory | undefined, id: number, signal: AbortSignal): Promise<readonly ObjectComparison[]> {
  const entry = (app.status?.history ?? []).find((one) => (one.id ?? 0) === id);
  if (entry === undefined) throw new AppError(`application ${app.metadata.namespace}/${app.metadata.name} does not have deployment with id ${id}`, { reason: "UnknownHistoryEntry", code: Code.InvalidArgument, retry: "never" });
  const many = (entry.sources?.length ?? 0) > 0;
  const sources = many ? entry.sources! : entry.source ? [entry.source] : [];
  const revisions = many ? sources.map((_, index) => entry.revisions?.[index] ?? "") : [entry.revision ?? ""];
  const facts = factsOf(deps, app);
  const desired = await desiredState(deps.ctx, desiredInput(deps, facts, { sources, revisions, signal }));
  const { objects } = await compareWith(facts, { ...newMemory(), converted: new Map(memory?.converted) }, desired, signal);
  return objects;
}

export function shown({ key, target, live, predicted, normalizedLive, differences }: ObjectComparison, hiddenAnnotations: readonly string[]): ObjectDifference {
  const isSecret = key.kind === "Secret" && key.group === "";
  const [desired, found] = isSecret ? masked([predicted ?? target, normalizedLive ?? live], hiddenAnnotations) : [predicted ?? target, normalizedLive ?? live];
  return {
    ...key,
    state: live === undefined ? "Missing" : target === undefined ? "RequiresPruning" : "Modified",
    ...(target !== undefined && { desired: text(desired) }),
    ...(live !== undefined && { live: text(found) }),
    fields: differences.map((difference) => shownField(difference, isSecret)),
  };
}

function shownField({ path, desired, live, writer }: FieldDifference, isSecret: boolean) {
  return {
    path,
    ...(!isSecret && desired !== undefined && { desired: JSON.stringify(desired) }),
    ...(!isSecret && live !== undefined && { live: JSON.stringify(live) }),
    ...(writer !== undefined && { writer: writer.manager, operation: writer.operation, ...(writer.time !== undefined && { writtenAt: writer.time }) }),
  };
}

const text = (object: KubeObject | undefined): string => JSON.stringify(object);
