import { isActive, syncAllowed } from "@trireme/gitops";
import { unknown } from "../../../errors.ts";
import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { resolveDestination } from "../destination.ts";

/** Which windows concern the application, which are open or shut now, and whether a person may sync. */
export const syncWindows = unary<ApplicationCall>(forApplication("get"), async (_request, { app, project, ctx }) => {
  const destination = resolveDestination(app, ctx);
  const cluster = "cluster" in destination ? destination.cluster : { server: "", name: "" };
  const now = ctx.clock.now();
  const windows = project.spec.syncWindows ?? [];
  const decision = syncAllowed(windows, app, cluster, { now, manual: true });
  if (decision.problem !== undefined) throw unknown(`invalid sync windows: ${decision.problem}`, "SyncWindow");
  // A window concerns the application if it alone, as a deny that is always on, would block it.
  const assigned = windows.filter((window) => !syncAllowed([{ ...window, kind: "deny", schedule: "* * * * *", duration: "1h", manualSync: false }], app, cluster, { now, manual: true }).allowed);
  const shown = ({ kind, schedule, duration, manualSync }: (typeof windows)[number]) => ({ kind, schedule, duration, manualSync: manualSync ?? false });
  return { activeWindows: assigned.filter((window) => isActive(window, now)).map(shown), assignedWindows: assigned.map(shown), canSync: decision.allowed };
});
