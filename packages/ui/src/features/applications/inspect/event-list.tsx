import { Ago } from "../../../components/ago.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";

export interface KubeEvent {
  metadata?: { name?: string; creationTimestamp?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  source?: { component?: string };
  reportingComponent?: string;
}

const timeOf = (event: KubeEvent): string => event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp ?? "";

/** Events, the newest first; warnings stand out. */
export function EventList({ events, error }: { events: readonly KubeEvent[] | undefined; error: unknown }) {
  const t = useText();
  if (events === undefined) return <ErrorNotice error={error} />;
  if (events.length === 0) return <p className="empty">{t("resource.noEvents")}</p>;
  return (
    <>
      <ErrorNotice error={error} />
      <ul className="event-list">
        {[...events].sort((a, b) => timeOf(b).localeCompare(timeOf(a))).map((event) => (
          <li key={event.metadata?.name} className={event.type === "Warning" ? "warning" : undefined}>
            <span className="event-time">
              <Ago time={timeOf(event)} />
            </span>
            <div>
              <p>
                <strong>{event.reason}</strong> {event.type === "Warning" && <span className="badge warn">{t("event.warning")}</span>} {(event.count ?? 1) > 1 && <span className="badge">{t("event.times", { count: event.count! })}</span>}
              </p>
              <p>{event.message}</p>
              <small>{event.source?.component || event.reportingComponent}</small>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
