import type { RevisionHistory } from "@trireme/api/argo";
import { Ago } from "../../../../components/ago.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../../navigation.tsx";
import { repositoryName } from "../../describe.ts";
import type { ApplicationName } from "../../details/use-application.ts";
import type { PanelProps } from "../panels.tsx";
import { useRevision } from "../revision.tsx";
import { entriesOf, revisionsOf, sourcesOfEntry } from "./entries.ts";
import { Entry } from "./entry.tsx";

/** What was deployed, when, by whom and from where; each entry says what going back to it would change. */
export default function HistoryPanel({ of, app, tree }: PanelProps) {
  const t = useText();
  const { parameters } = useRoute();
  const entries = entriesOf(app);
  const asked = parameters.get("entry");
  if (entries.length === 0) return <p className="empty">{t("history.none")}</p>;
  return (
    <ol className="history">
      {entries.map((entry, index) => {
        const id = String(entry.id ?? 0);
        return (
          <li key={id} data-entry={id}>
            <details open={asked === id} onToggle={(event) => event.currentTarget.open !== (asked === id) && setParameters({ entry: event.currentTarget.open ? id : undefined }, { replace: true })}>
              <summary>
                <Head of={of} entry={entry} current={index === 0} />
              </summary>
              {asked === id && <Entry of={of} app={app} tree={tree} entry={entry} current={index === 0} />}
            </details>
          </li>
        );
      })}
    </ol>
  );
}

function Head({ of, entry, current }: { of: ApplicationName; entry: RevisionHistory; current: boolean }) {
  const t = useText();
  const [first] = sourcesOfEntry(entry);
  const { data } = useRevision(of, first?.source.chart === undefined ? first?.revision : undefined, { sourceIndex: 0, versionId: entry.id ?? 0 });
  const { automated, username } = entry.initiatedBy ?? {};
  return (
    <span className="history-head">
      <span className="history-revision">
        <code>{revisionsOf(entry)}</code>
        {current && <span className="badge good">{t("history.current")}</span>}
      </span>
      <span className="history-message">
        <strong>{data?.message?.split("\n")[0] ?? (first === undefined ? "" : [repositoryName(first.source.repoURL), first.source.path ?? first.source.chart].filter(Boolean).join(" / "))}</strong>
        <small>{[data?.author, automated === true ? t("operation.automated") : username && t("operation.by", { name: username })].filter(Boolean).join(" · ")}</small>
      </span>
      <span className="history-time">
        <Ago time={entry.deployedAt} />
      </span>
    </span>
  );
}
