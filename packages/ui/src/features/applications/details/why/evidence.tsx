import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { permission, usePermissions } from "../../../../api/permissions.ts";
import { Ago, When } from "../../../../components/ago.tsx";
import { isTextKey, useText } from "../../../../i18n/text.tsx";
import { plainText } from "../../inspect/logs/ansi.ts";
import { streamLogs } from "../../inspect/logs/stream.ts";
import { objectKey } from "../tree.ts";
import type { Tree, WhyReason } from "../types.ts";
import { applicationAddress, type ApplicationName } from "../use-application.ts";

const LINES = 4;
const WARNINGS = 2;

/** What proves a reason: what objects say of themselves, what Kubernetes noted, what the container wrote last, which fields differ. */
export function Evidence({ of, reason, tree, logsOf }: { of: ApplicationName; reason: WhyReason; tree: Tree | undefined; logsOf: string | undefined }) {
  const t = useText();
  const warnings = useWarnings(of, reason, tree);
  const lines = useLastLines(of, reason, logsOf);
  const facts = (reason.facts ?? []).filter(({ text = "" }) => text !== "");
  const fields = reason.evidence ?? [];
  if (facts.length + warnings.length + lines.length + fields.length === 0) return null;
  return (
    <dl className="evidence">
      {facts.map(({ what = "", text, since }, index) => {
        const key = `fact.${what}`;
        return (
          <div key={index}>
            <dt>{isTextKey(key) ? t(key) : what}</dt>
            <dd>
              {text} <Ago time={since} />
            </dd>
          </div>
        );
      })}
      {warnings.map((event) => (
        <div key={event.metadata?.name} data-evidence="event">
          <dt>{t("fact.event")}</dt>
          <dd>
            {event.reason}: {event.message} {(event.count ?? 1) > 1 && <span className="faint">{t("event.times", { count: event.count! })}</span>} <Ago time={event.lastTimestamp ?? event.eventTime ?? undefined} />
          </dd>
        </div>
      ))}
      {lines.length > 0 && (
        <div data-evidence="log">
          <dt>{t("fact.log", { container: reason.logs?.container ?? "" })}</dt>
          <dd>
            <pre tabIndex={0}>{lines.join("\n")}</pre>
          </dd>
        </div>
      )}
      {fields.map(({ path, desired, live, writer, writtenAt }) => (
        <div key={path}>
          <dt>
            <code>{path}</code>
          </dt>
          <dd>
            {t("why.desired")} <code>{desired ?? t("why.absent")}</code> · {t("why.live")} <code>{live ?? t("why.absent")}</code>{" "}
            {writer && (
              <small>
                {t("why.writer", { writer })} <When time={writtenAt} />
              </small>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface KubeEvent {
  metadata?: { name?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

/** The newest warnings about what the reason names; none while that is not known. */
function useWarnings(of: ApplicationName, { blocker, since, values }: WhyReason, tree: Tree | undefined): KubeEvent[] {
  const about = blocker ? tree?.nodes?.find((node) => objectKey(node) === objectKey(blocker)) : undefined;
  const { data } = useQuery({
    queryKey: ["application", of.namespace, of.name, "why-events", about?.uid, since, values?.["restarts"]],
    queryFn: async ({ signal }) => (await call<{ items?: KubeEvent[] | null }>("GET", applicationAddress(of, "/events", { resourceNamespace: about!.namespace ?? "", resourceName: about!.name, resourceUID: about!.uid }), undefined, signal)).items ?? [],
    enabled: about?.uid !== undefined,
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
  return (data ?? [])
    .filter(({ type }) => type === "Warning")
    .toSorted((a, b) => (b.lastTimestamp ?? b.eventTime ?? "").localeCompare(a.lastTimestamp ?? a.eventTime ?? ""))
    .slice(0, WARNINGS);
}

/** What the container wrote last, for whoever may read logs. */
function useLastLines(of: ApplicationName, { blocker, logs, values }: WhyReason, logsOf: string | undefined): string[] {
  const [allowed] = usePermissions([permission("logs", "get", logsOf)]);
  const { data } = useQuery({
    queryKey: ["application", of.namespace, of.name, "why-log", blocker?.namespace, logs?.pod, logs?.container, values?.["restarts"], values?.["exitCode"]],
    queryFn: async ({ signal }) => {
      const lines: string[] = [];
      await streamLogs(applicationAddress(of, "/logs", { kind: "Pod", namespace: blocker?.namespace ?? "", resourceName: logs!.pod, container: logs!.container, tailLines: String(LINES) }), signal, (fresh) => lines.push(...fresh.map(({ text }) => plainText(text))));
      return lines.filter((line) => line !== "").slice(-LINES);
    },
    enabled: logs !== undefined && logs !== null && allowed === true,
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
  return logs ? (data ?? []) : [];
}
