import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationAddress } from "../../details/use-application.ts";
import { choicesOf, syncRequest } from "../../sync/request.ts";

/** What can be done with several applications together. */
export const OPERATIONS = ["refresh", "sync", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The right that each needs of an application. */
export const ACTION: Record<Operation, string> = { refresh: "get", sync: "sync", delete: "delete" };

export const WAYS = ["foreground", "background", "orphan"] as const;
export type Way = (typeof WAYS)[number];

export interface HowTo {
  /** Refresh: render everything again. */
  hard: boolean;
  /** Sync. */
  prune: boolean;
  dryRun: boolean;
  applyOnly: boolean;
  force: boolean;
  /** Delete. */
  way: Way;
}

/** Does it to one application. Throws ApiError. */
export async function perform(operation: Operation, app: Application, { hard, way, ...choices }: HowTo, signal: AbortSignal): Promise<void> {
  const { name = "", namespace = "" } = app.metadata;
  const of = { name, namespace };
  if (operation === "refresh") await call("GET", applicationAddress(of, "", { refresh: hard ? "hard" : "normal" }), undefined, signal);
  else if (operation === "sync") await call("POST", applicationAddress(of, "/sync"), syncRequest(app, { ...choicesOf(app, choices), ...choices }), signal);
  else await call("DELETE", applicationAddress(of, "", way === "orphan" ? { cascade: "false" } : { cascade: "true", propagationPolicy: way }), undefined, signal);
}
