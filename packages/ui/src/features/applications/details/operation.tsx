import { Button } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Ago } from "../../../components/ago.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { setParameters } from "../../../navigation.tsx";
import { isBusy, shortRevision } from "../describe.ts";
import { applicationAddress, type ApplicationName } from "./use-application.ts";

/** So many results stand on the page; the panel has them all. */
const SHOWN = 20;

/** The operation under way, or the last one: what it does to each object, as it happens. */
export function Operation({ of, app }: { of: ApplicationName; app: Application }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [error, setError] = useState<unknown>();
  const operation = app.status?.operationState;
  const busy = isBusy(app);
  // Who was here when it ran is shown what became of it; it may have been over before anything was told of it.
  const [before] = useState(busy ? undefined : operation?.startedAt);
  const seen = busy || (operation != null && operation.startedAt !== before);
  if (operation == null && !busy) return null;
  const results = operation?.syncResult?.resources ?? [];
  const phase = app.operation !== undefined && operation == null ? "Running" : operation?.phase;
  const failed = phase === "Failed" || phase === "Error";
  const terminate = async (): Promise<void> => {
    setError(undefined);
    await call("DELETE", applicationAddress(of, "/operation")).catch(setError);
  };
  return (
    <details className="panel operation" open={failed || seen}>
      <summary>
        <h2>{busy ? t("operation.running") : t("operation.last")}</h2>
        <Status value={phase} />
        <span className="faint">
          {shortRevision(operation?.syncResult?.revision)} {operation?.operation?.initiatedBy?.automated === true ? t("operation.automated") : operation?.operation?.initiatedBy?.username && t("operation.by", { name: operation.operation.initiatedBy.username })} <Ago time={operation?.finishedAt ?? operation?.startedAt} />
        </span>
      </summary>
      <p aria-live="polite">{operation?.message}</p>
      {phase === "Running" && (
        <ActionButton variant="default" needs={applicationPermission(app, "sync", controlPlane)} onClick={() => void terminate()}>
          {t("operation.terminate")}
        </ActionButton>
      )}
      <ErrorNotice error={error} />
      {results.length > 0 && (
        <ul className="results">
          {results.slice(0, SHOWN).map((result) => (
            <li key={`${result.group}/${result.kind}/${result.namespace}/${result.name}/${result.hookType ?? ""}`}>
              <Status value={result.hookPhase ?? result.status} />
              <span>
                {result.kind} {result.name} {result.hookType && <small>{result.hookType}</small>}
              </span>
              <span className="faint">{result.message}</span>
            </li>
          ))}
        </ul>
      )}
      <Button variant="subtle" onClick={() => setParameters({ panel: "operation" })}>
        {t("operation.seeAll")}
      </Button>
    </details>
  );
}
