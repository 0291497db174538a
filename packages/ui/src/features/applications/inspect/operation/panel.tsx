import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { Application, OperationState } from "@trireme/api/argo";
import { isOperationInProgress } from "@trireme/gitops";
import { Ago } from "../../../../components/ago.tsx";
import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { shortRevision } from "../../describe.ts";
import { isBad, type Progress } from "../../details/operation/progress.ts";
import { ProgressBar } from "../../details/operation/progress-bar.tsx";
import { Terminate } from "../../details/operation/terminate.tsx";
import type { ApplicationName } from "../../details/use-application.ts";
import { entriesOf, revisionsOf } from "../history/entries.ts";
import { NO_PANEL } from "../panel-name.ts";
import type { PanelProps } from "../panels.tsx";
import { durationText } from "./duration.ts";

const LAST = 5;

/** The operation under way or the last one: what it was asked, and what has become of each object and hook, as it happens. */
export default function OperationPanel({ of, app, progress }: PanelProps) {
  const t = useText();
  const operation = app.status?.operationState;
  if (app.operation != null && !isOperationInProgress(app)) return <p className="empty">{t("operation.waiting")}</p>;
  if (operation == null) return <p className="empty">{t("operation.none")}</p>;
  return (
    <>
      <Head of={of} app={app} operation={operation} />
      <Results progress={progress} />
      <LastSyncs app={app} />
    </>
  );
}

function Head({ of, app, operation }: { of: ApplicationName; app: Application; operation: OperationState }) {
  const t = useText();
  const { phase, message, startedAt, finishedAt, syncResult, retryCount, operation: asked } = operation;
  const { sync, initiatedBy, info, retry } = asked ?? {};
  const revisions = syncResult?.revisions?.length ? syncResult.revisions : [syncResult?.revision ?? ""];
  const options = [sync?.prune === true && t("sync.prune"), sync?.dryRun === true && t("sync.dryRun"), sync?.syncStrategy?.apply !== undefined && t("sync.applyOnly"), ...(sync?.syncOptions ?? []), (sync?.resources?.length ?? 0) > 0 && t("operation.some", { count: sync!.resources!.length })].filter((one): one is string => typeof one === "string");
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{t("operation.phase")}</dt>
          <dd aria-live="polite">
            <Status value={phase} /> <span>{message}</span>
          </dd>
        </div>
        <div>
          <dt>{t("create.revision")}</dt>
          <dd>
            {[...new Set(revisions)].map((revision) => (
              <code key={revision} title={revision}>
                {shortRevision(revision)}
              </code>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t("operation.started")}</dt>
          <dd>
            <Ago time={startedAt} /> {initiatedBy?.automated === true ? t("operation.automated") : initiatedBy?.username && t("operation.by", { name: initiatedBy.username })}
          </dd>
        </div>
        {finishedAt && (
          <div>
            <dt>{t("operation.duration")}</dt>
            <dd>{durationText(Date.parse(finishedAt) - Date.parse(startedAt))}</dd>
          </div>
        )}
        {(retryCount ?? 0) > 0 && (
          <div>
            <dt>{t("operation.retries")}</dt>
            <dd>
              {retryCount} / {retry?.limit}
            </dd>
          </div>
        )}
        {options.length > 0 && (
          <div>
            <dt>{t("sync.options")}</dt>
            <dd>{options.join(", ")}</dd>
          </div>
        )}
        {(info ?? []).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Terminate of={of} app={app} offered={phase === "Running" || phase === "Terminating"} disabled={phase === "Terminating"} />
    </>
  );
}

function Results({ progress: { items, objects } }: { progress: Progress }) {
  const t = useText();
  const [onlyBad, setOnlyBad] = useState(false);
  const bad = items.filter(isBad).length;
  const shown = onlyBad ? items.filter(isBad) : items;
  if (items.length === 0) return <p className="faint">{t("operation.noResults")}</p>;
  return (
    <section className="sub">
      {objects !== undefined && <ProgressBar {...objects} />}
      <div className="toolbar">
        <h3>{t("operation.results", { count: items.length })}</h3>
        {bad > 0 && <Checkbox size="xs" label={t("operation.onlyBad", { count: bad })} checked={onlyBad} onChange={(event) => setOnlyBad(event.currentTarget.checked)} />}
      </div>
      <div className="table-scroll">
        <table className="grid-table results-table">
          <thead>
            <tr>
              <th>{t("operation.object")}</th>
              <th>{t("operation.result")}</th>
              <th>{t("operation.syncPhase")}</th>
              <th>{t("fact.wave")}</th>
              <th>{t("history.message")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, kind, name, state, wave, result }) => (
              <tr key={`${key}/${result?.hookType ?? ""}/${result?.syncPhase ?? ""}`} data-result={`${kind}/${name}`}>
                <th scope="row">
                  <button type="button" className="object-link" onClick={() => setParameters({ ...NO_PANEL, node: key })}>
                    <span className="kind">{kind}</span> {name}
                  </button>
                  {result?.hookType && <span className="badge">{t("operation.hook", { type: result.hookType })}</span>}
                </th>
                <td>
                  <Status value={state} />
                </td>
                <td data-label={t("operation.syncPhase")}>{result === undefined ? "Sync" : result.syncPhase}</td>
                <td data-label={t("fact.wave")}>{wave}</td>
                <td className="message">{result?.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LastSyncs({ app }: { app: Application }) {
  const t = useText();
  const entries = entriesOf(app);
  if (entries.length === 0) return null;
  return (
    <section className="sub">
      <h3>{t("operation.lastSyncs")}</h3>
      <ul className="last-syncs">
        {entries.slice(0, LAST).map((entry) => (
          <li key={entry.id ?? 0}>
            <button type="button" className="object-link" onClick={() => setParameters({ ...NO_PANEL, panel: "history", entry: String(entry.id ?? 0) })}>
              <code>{revisionsOf(entry)}</code>
            </button>{" "}
            <Ago time={entry.deployedAt} /> <small>{entry.initiatedBy?.automated === true ? t("operation.automated") : entry.initiatedBy?.username && t("operation.by", { name: entry.initiatedBy.username })}</small>
          </li>
        ))}
      </ul>
      {entries.length > LAST && (
        <Button variant="subtle" onClick={() => setParameters({ ...NO_PANEL, panel: "history" })}>
          {t("operation.wholeHistory")}
        </Button>
      )}
    </section>
  );
}
