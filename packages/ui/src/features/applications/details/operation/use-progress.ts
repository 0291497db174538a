import { useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { plannedOf, progressOf, type Planned, type Progress } from "./progress.ts";

/** The progress of an application's operation, with what was known of it before a newer commit was compared. */
export function useProgress(app: Application | undefined): Progress {
  const [known, setKnown] = useState<{ app?: Application; planned?: Planned | undefined }>({});
  const now = app === undefined || app === known.app ? known : { app, planned: plannedOf(app, known.planned) };
  if (now !== known) setKnown(now);
  return useMemo(() => (now.app === undefined ? { items: [] } : progressOf(now.app, now.planned)), [now]);
}
