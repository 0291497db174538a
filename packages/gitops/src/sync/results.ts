import type { KubeObject } from "@trireme/api";
import type { ResourceResult } from "@trireme/api/argo";
import { resultKey, type SyncTask } from "./tasks.ts";

/**
 * The operation's list of results with these tasks' news in it: known ones keep their place, new ones follow in
 * the order of the tasks. Tasks that nothing has happened to are not listed.
 */
export function withResults(before: readonly ResourceResult[], tasks: readonly SyncTask[]): ResourceResult[] {
  const list = [...before];
  const places = new Map(list.map((result, index) => [resultKey(result, result.syncPhase), index]));
  for (const task of tasks) {
    if (task.status === undefined && task.operation === undefined) continue;
    const key = { ...task.key, namespace: task.resultNamespace };
    const place = places.get(resultKey(key, task.phase));
    const known = place === undefined ? undefined : list[place];
    // Of a pruned object that is gone, only its name is left.
    const object = task.target ?? task.live;
    const images = known?.images ?? (object === undefined ? [] : imagesOf(object));
    const result: ResourceResult = {
      group: key.group,
      version: known?.version ?? task.gvk.version,
      kind: key.kind,
      namespace: key.namespace,
      name: key.name,
      ...(task.status !== undefined && { status: task.status }),
      ...(task.message !== "" && { message: task.message }),
      ...(task.hook && { hookType: task.phase }),
      ...(task.operation !== undefined && { hookPhase: task.operation }),
      syncPhase: task.phase,
      ...(images.length > 0 && { images }),
    };
    if (place === undefined) {
      places.set(resultKey(key, task.phase), list.length);
      list.push(result);
    } else list[place] = result;
  }
  return list;
}

const POD_PATHS: Record<string, readonly string[]> = { Pod: ["spec"], CronJob: ["spec", "jobTemplate", "spec", "template", "spec"] };

/** Images that an object would run, in the order in which it names them. */
export function imagesOf(object: KubeObject): string[] {
  const path = POD_PATHS[object.kind] ?? ["spec", "template", "spec"];
  let spec: any = object;
  for (const part of path) spec = spec?.[part];
  if (spec === undefined || spec === null || !Array.isArray(spec.containers)) return [];
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap((container) => (typeof container?.image === "string" ? [container.image] : []));
}
