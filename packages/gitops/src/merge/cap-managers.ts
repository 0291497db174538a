import type { ManagerId, Managers, OwnedFields } from "./managers.ts";
import { managerId, secondsOf } from "./managers.ts";
import { compareText } from "./values.ts";

const MAX_UPDATE_MANAGERS = 10;

/** Folds the oldest update managers of a version into `ancient-changes` while there are more than ten in all. */
export function capUpdateManagers(managers: Managers): Managers {
  const updaters = [...managers.fields].filter(([, owned]) => !owned.applied).map(([id]) => id);
  if (updaters.length <= MAX_UPDATE_MANAGERS) return managers;
  updaters.sort((a, b) => secondsOf(managers.times.get(a)) - secondsOf(managers.times.get(b)) || compareText(a, b));

  const fields = new Map(managers.fields);
  const times = new Map(managers.times);
  const firstOf = new Map<string, ManagerId>();
  let left = updaters.length;
  for (const id of updaters) {
    if (left <= MAX_UPDATE_MANAGERS) break;
    const owned = fields.get(id)!;
    const first = firstOf.get(owned.apiVersion);
    if (first === undefined) {
      firstOf.set(owned.apiVersion, id);
      continue;
    }
    const bucket = managerId({ manager: "ancient-changes", operation: "Update", apiVersion: owned.apiVersion });
    if (!fields.has(bucket)) {
      fields.set(bucket, fields.get(first)!);
      fields.delete(first);
    }
    const merged: OwnedFields = { ...owned, set: owned.set.union(fields.get(bucket)!.set) };
    fields.delete(id);
    fields.set(bucket, merged);
    times.set(bucket, managers.times.get(id));
    left--;
  }
  return { fields, times };
}
