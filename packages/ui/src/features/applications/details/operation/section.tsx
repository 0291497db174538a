import { Button } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { isOperationInProgress } from "@trireme/gitops";
import { Ago } from "../../../../components/ago.tsx";
import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { isBusy, shortRevision } from "../../describe.ts";
import type { ApplicationName } from "../use-application.ts";
import { heart, type Progress } from "./progress.ts";
import { ProgressBar } from "./progress-bar.tsx";
import { Terminate } from "./terminate.tsx";

/** So many objects stand on the page; the panel has them all. */
const SHOWN = 20;

/** The operation under way, or the last one: what it does to each object, as it happens. */
export function Operation({ of, app, progress: { items, objects } }: { of: ApplicationName; app: Application; progress: Progress }) {
  const t = useText();
  const operation = app.status?.operationState;
  const busy = isBusy(app);
  // Asked for, and not begun: what is known is of the one before.
  const hasBegun = app.operation == null || isOperationInProgress(app);
  // Who was here when it ran is shown what became of it; it may have been over before anything was told of it.
  const [before] = useState(busy ? undefined : operation?.startedAt);
  const seen = busy || (operation != null && operation.startedAt !== before);
  if (operation == null && !busy) return null;
  const phase = hasBegun ? operation?.phase : "Running";
  const failed = phase === "Failed" || phase === "Error";
  const shown = heart(items, SHOWN);
  const hasWaves = items.some(({ wave = 0 }) => wave !== 0);
  return (
    <details className="panel operation" open={failed || seen}>
      <summary>
        <h2>{busy ? t("operation.running") : t("operation.last")}</h2>
        <Status value={phase} />
        {hasBegun && (
          <span className="faint">
            {shortRevision(operation?.syncResult?.revision)} {operation?.operation?.initiatedBy?.automated === true ? t("operation.automated") : operation?.operation?.initiatedBy?.username && t("operation.by", { name: operation.operation.initiatedBy.username })} <Ago time={operation?.finishedAt ?? operation?.startedAt} />
          </span>
        )}
      </summary>
      <p aria-live="polite">{hasBegun ? operation?.message : t("operation.waiting")}</p>
      {objects !== undefined && <ProgressBar {...objects} />}
      <Terminate of={of} app={app} offered={phase === "Running" && hasBegun} />
      {items.length > 0 && (
        <ul className="results">
          {shown.map(({ key, kind, name, state, wave, result }) => (
            <li key={`${key}/${result?.hookType ?? ""}`} data-item={`${kind}/${name}`}>
              <Status value={state} />
              <span>
                {kind} {name} {result?.hookType && <small>{result.hookType}</small>}
                {hasWaves && wave !== undefined && <small>{t("graph.wave", { wave })}</small>}
              </span>
              <span className="faint">{result?.message}</span>
            </li>
          ))}
        </ul>
      )}
      {items.length > shown.length && <p className="faint">{t("why.more", { count: items.length - shown.length })}</p>}
      <Button variant="subtle" onClick={() => setParameters({ panel: "operation" })}>
        {t("operation.seeAll")}
      </Button>
    </details>
  );
}
