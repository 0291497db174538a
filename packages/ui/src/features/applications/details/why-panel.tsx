import { Button } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Ago } from "../../../components/ago.tsx";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import { LiftQuarantine } from "../releases/lift-quarantine.tsx";
import type { Releases, Why, WhyReason } from "./types.ts";
import type { ApplicationName } from "./use-application.ts";

const SHOWN = 3;

interface Props {
  of: ApplicationName;
  app: Application;
  why: Why | undefined;
  releases: Releases | undefined;
  onSync: (parameters: Record<string, string>) => void;
}

/** Whenever an application is not Synced and Healthy: one sentence for each reason, what proves it, and what to do next. */
export function WhyPanel({ of, app, why, releases, onSync }: Props) {
  const t = useText();
  const [all, setAll] = useState(false);
  const reasons = why?.reasons ?? [];
  if (reasons.length === 0) return null;
  const shown = all ? reasons : reasons.slice(0, SHOWN);
  return (
    <section className="why" aria-label={t("why.title")}>
      <h2>{t("why.title")}</h2>
      <ul>
        {shown.map((reason, index) => (
          <li key={`${reason.reason}/${index}`} data-reason={reason.reason}>
            <Reason reason={reason} />
            <NextStep of={of} app={app} reason={reason} releases={releases} onSync={onSync} />
          </li>
        ))}
      </ul>
      {reasons.length > SHOWN && (
        <Button variant="subtle" onClick={() => setAll(!all)}>
          {all ? t("why.fewer") : t("why.more", { count: reasons.length - SHOWN })}
        </Button>
      )}
    </section>
  );
}

function Reason({ reason }: { reason: WhyReason }) {
  const t = useText();
  const name = `reason.${reason.reason}`;
  const next = `next.${reason.reason}`;
  return (
    <div className="reason">
      <p>
        <strong>{isTextKey(name) ? t(name) : reason.reason}</strong> {reason.since !== undefined && reason.since !== "" && <Ago time={reason.since} />}
      </p>
      <p>{reason.message}</p>
      {(reason.evidence ?? []).length > 0 && (
        <details>
          <summary>{t("why.evidence", { count: reason.evidence!.length })}</summary>
          <ul className="evidence">
            {reason.evidence!.map(({ path, desired, live, writer, writtenAt }) => (
              <li key={path}>
                <code>{path}</code>
                <div>
                  {t("why.desired")} <code>{desired ?? t("why.absent")}</code>
                </div>
                <div>
                  {t("why.live")} <code>{live ?? t("why.absent")}</code>
                </div>
                {writer !== undefined && writer !== "" && (
                  <small>
                    {t("why.writer", { writer })} <Ago time={writtenAt} />
                  </small>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {reason.next !== undefined && <p className="faint">{isTextKey(next) ? t(next) : reason.next}</p>}
    </div>
  );
}

/** The next step as a button, where the page can take it. */
function NextStep({ of, app, reason, releases, onSync }: Omit<Props, "why"> & { reason: WhyReason }) {
  const t = useText();
  switch (reason.reason) {
    case "Missing":
    case "Drifted":
    case "OperationFailed":
      return <Button variant="light" onClick={() => onSync({})}>{t("app.sync")}</Button>;
    case "RequiresPruning":
      return <Button variant="light" onClick={() => onSync({ prune: "true" })}>{t("why.syncPrune")}</Button>;
    case "RolledBack":
    case "AutomatedSyncStopped":
      return (releases?.quarantined ?? []).length > 0 ? <LiftQuarantine of={of} app={app} /> : null;
    default:
      return null;
  }
}
