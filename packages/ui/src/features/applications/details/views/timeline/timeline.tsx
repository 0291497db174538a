import { Button, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Ago } from "../../../../../components/ago.tsx";
import { ErrorNotice } from "../../../../../components/error-notice.tsx";
import { Status, toneOf } from "../../../../../components/status.tsx";
import { isTextKey, useLocale, useText } from "../../../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../../../navigation.tsx";
import { repositoryName, shortRevision } from "../../../describe.ts";
import { objectKey } from "../../tree.ts";
import type { ViewProps } from "../views.tsx";
import { byDay, type Day } from "./days.ts";
import { ENTRY_KINDS, useTimeline, type TimelineEntry } from "./use-timeline.ts";

/** What happened, newest first: who did what, when and why. */
export default function TimelineView({ of, app, onOpen }: ViewProps) {
  const t = useText();
  const locale = useLocale();
  const { parameters } = useRoute();
  const kinds = (parameters.get("entries") ?? "").split(",").filter((kind) => ENTRY_KINDS.some((one) => one === kind));
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useTimeline(of, kinds);
  useFollow(of, app.metadata.resourceVersion ?? "");
  const entries = (data?.pages ?? []).flatMap((page) => page.entries ?? []);
  const missing = data?.pages.at(-1)?.missing ?? [];
  const headOf = ({ time }: Day): string => (time === undefined ? t("timeline.timeless") : dayText(time, locale));
  const toggle = (kind: string): void => setParameters({ entries: (kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]).join(",") }, { replace: true });
  return (
    <div className="timeline">
      <div className="entry-kinds" role="group" aria-label={t("timeline.kinds")}>
        {ENTRY_KINDS.map((kind) => (
          <UnstyledButton key={kind} aria-pressed={kinds.includes(kind)} onClick={() => toggle(kind)}>
            {t(`timeline.${kind}`)}
          </UnstyledButton>
        ))}
      </div>
      <ErrorNotice error={error} />
      {missing.length > 0 && (
        <p className="notice" role="status">
          {t("timeline.missing")} {missing.join("; ")}
        </p>
      )}
      {data !== undefined && entries.length === 0 && <p className="empty">{t("timeline.none")}</p>}
      {byDay(entries).map((day) => (
        <section key={day.time ?? ""} aria-label={headOf(day)}>
          <h3>{headOf(day)}</h3>
          <ol className="entries">
            {day.entries.map((entry) => (
              <Entry key={entry.id} entry={entry} onOpen={onOpen} />
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("timeline.older")}
        </Button>
      )}
    </div>
  );
}

function Entry({ entry, onOpen }: { entry: TimelineEntry; onOpen: (key: string) => void }) {
  const t = useText();
  const locale = useLocale();
  const { time, kind, reason, what, who, why, state, object, count } = entry;
  const title = `entry.${reason}`;
  // Nobody makes a state what it is.
  const hasDoer = (who !== undefined && who !== "") || kind === "deploy" || kind === "operation";
  return (
    <li className={`entry ${toneOf(state)}`} data-kind={kind} data-entry={reason}>
      {!time ? (
        <span />
      ) : (
        <time dateTime={time} title={new Date(time).toLocaleString(locale)}>
          {new Date(time).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}
        </time>
      )}
      <span className="entry-dot" aria-hidden="true" />
      <div className="entry-text">
        <p>
          <strong>{isTextKey(title) ? t(title) : reason}</strong>
          {state !== undefined && (kind === "health" || kind === "sync" || kind === "operation") && <Status value={state} />}
          {object != null && (
            <UnstyledButton className="link" onClick={() => onOpen(objectKey(object))}>
              {object.kind} {object.name}
            </UnstyledButton>
          )}
          <span className="faint">
            {hasDoer && <>{who === undefined || who === "" ? t("timeline.byItself") : t("operation.by", { name: who })} {time && "·"} </>}
            <Ago time={time || undefined} />
            {count !== undefined && count > 1 && ` · ${t("timeline.times", { count })}`}
          </span>
        </p>
        {(entry.revisions ?? []).map((revision, index) => (
          <Commit key={index} {...revision} />
        ))}
        {!(isTextKey(title) && SAID.has(reason)) && <p className="entry-what">{what}</p>}
        {why !== undefined && why !== "" && reason !== "Deployed" && <p className="entry-why">{why}</p>}
      </div>
    </li>
  );
}

/** Their title says it all. */
const SAID = new Set(["Deployed", "HealthChanged", "SyncChanged", "Created", "OperationFailed", "OperationRunning", "Proven", "RolledBack", "Quarantined"]);

function Commit({ revision = "", repoURL = "", author = "", message = "" }: NonNullable<TimelineEntry["revisions"]>[number]) {
  const [subject = "", ...rest] = message.split("\n");
  return (
    <p className="entry-commit" title={rest.join("\n").trim() || undefined}>
      <code title={revision}>{shortRevision(revision)}</code> {subject} <small>{[author.replace(/ <.*>$/, ""), repositoryName(repoURL)].filter(Boolean).join(" · ")}</small>
    </p>
  );
}

const dayText = (time: string, locale: string): string => new Date(time).toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** What is shown is asked for again when the application is another one than before. */
function useFollow({ namespace, name }: ViewProps["of"], version: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const timer = setTimeout(() => void queries.invalidateQueries({ queryKey: ["application", namespace, name, "timeline"] }), 500);
    return () => clearTimeout(timer);
  }, [queries, namespace, name, version]);
}
