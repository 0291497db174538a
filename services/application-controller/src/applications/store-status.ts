import type { Application, ApplicationStatus } from "@trireme/api/argo";
import { Annotation, sameJson } from "@trireme/gitops";
import type { Deps } from "../deps.ts";
import { announceStatus } from "../operations/complete.ts";
import { writeApp } from "./write.ts";

/** One write, and none when nothing is different; the time of the comparison alone is not a difference. */
export async function storeStatus(deps: Deps, app: Application, status: ApplicationStatus): Promise<void> {
  const { [Annotation.Refresh]: refresh, ...annotations } = app.metadata.annotations ?? {};
  const kept = refresh === undefined && sameJson({ ...status, reconciledAt: "" }, { ...app.status, reconciledAt: "" }) ? app.status! : status;
  const before = { sync: app.status?.sync?.status ?? "", health: app.status?.health?.status ?? "" };
  const stored = await writeApp(deps.ctx.control, deps.plane, app, { ...app, metadata: { ...app.metadata, annotations }, status: kept });
  if (stored !== app) announceStatus(deps, stored, before);
}
