import type { Application, RevisionHistory } from "@trireme/api/argo";
import { Code } from "../../../../components/code/shown.tsx";
import { yamlText } from "../../../../components/code/yaml.ts";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useLanguage, useText } from "../../../../i18n/text.tsx";
import type { Tree } from "../../details/types.ts";
import type { ApplicationName } from "../../details/use-application.ts";
import { ObjectDifferences } from "../differences/object-differences.tsx";
import { useRollbackDifferences } from "../differences/use-differences.ts";
import { useStateVersion } from "../use-state-version.ts";
import { useRevision } from "../revision.tsx";
import { parametersOf, sourcesOfEntry, type EntrySource } from "./entries.ts";
import { Rollback } from "./rollback.tsx";

/** One entry of the history: its commits, its parameters, and what a rollback to it would change. */
export function Entry({ of, app, tree, entry, current }: { of: ApplicationName; app: Application; tree: Tree | undefined; entry: RevisionHistory; current: boolean }) {
  const t = useText();
  const id = entry.id ?? 0;
  const { data, error } = useRollbackDifferences(of, useStateVersion(app, tree), id);
  return (
    <div className="history-entry">
      {sourcesOfEntry(entry).map((one, index) => (
        <SourceOfEntry key={index} of={of} id={id} index={index} {...one} />
      ))}
      <section className="sub">
        <h3>{t("history.changes")}</h3>
        <ErrorNotice error={error} />
        {data === undefined && error === null && <p className="faint">{t("history.rendering")}</p>}
        {data?.length === 0 && <p className="faint">{t("history.noChanges")}</p>}
        {data !== undefined && data.length > 0 && <ObjectDifferences items={data} afterLabel={t("history.after")} plan />}
      </section>
      <Rollback of={of} app={app} entry={entry} current={current} prunes={data?.some(({ state }) => state === "RequiresPruning") === true} />
    </div>
  );
}

function SourceOfEntry({ of, id, index, source, revision }: EntrySource & { of: ApplicationName; id: number; index: number }) {
  const t = useText();
  const language = useLanguage();
  const { data } = useRevision(of, source.chart === undefined ? revision : undefined, { sourceIndex: index, versionId: id });
  const parameters = parametersOf(source);
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{t("column.source")}</dt>
          <dd>
            {source.repoURL} <small>{source.path ?? source.chart}</small>
          </dd>
        </div>
        <div>
          <dt>{t("create.revision")}</dt>
          <dd>
            <code>{revision}</code> <small>{source.targetRevision || "HEAD"}</small>
          </dd>
        </div>
        {data?.author && (
          <div>
            <dt>{t("history.author")}</dt>
            <dd>
              {data.author} {data.date && <small>{new Date(data.date).toLocaleString(language)}</small>}
            </dd>
          </div>
        )}
        {data?.message && (
          <div>
            <dt>{t("history.message")}</dt>
            <dd className="commit-message">{data.message}</dd>
          </div>
        )}
      </dl>
      {parameters !== undefined && (
        <details className="sub">
          <summary>{t("history.parameters")}</summary>
          <Code text={yamlText(parameters)} label={t("history.parameters")} />
        </details>
      )}
    </>
  );
}
