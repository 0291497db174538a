import type { KubeObject } from "@trireme/api";
import { Annotation, resourceOption } from "./annotations.ts";
import { isCustomResourceDefinition } from "./sync/tasks.ts";

/** Why an object outlives its application: it is a definition, its chart says `keep`, or a sync option says `Delete=false`. */
export type KeptBecause = "CustomResourceDefinition" | "ResourcePolicy" | "SyncOption";

/** Why an application's cascading deletion leaves an object; undefined where it goes too. */
export function keptOnDeletion(object: KubeObject, syncOptions: readonly string[] | undefined): KeptBecause | undefined {
  if (isCustomResourceDefinition(object)) return "CustomResourceDefinition";
  if (object.metadata.annotations?.[Annotation.HelmResourcePolicy] === "keep") return "ResourcePolicy";
  return resourceOption(object, syncOptions, "Delete") === "false" ? "SyncOption" : undefined;
}

/** Whether a cascading deletion waits for somebody's word before it takes the object. */
export function confirmsDeletion(object: KubeObject, syncOptions: readonly string[] | undefined): boolean {
  return resourceOption(object, syncOptions, "Delete") === "confirm";
}
