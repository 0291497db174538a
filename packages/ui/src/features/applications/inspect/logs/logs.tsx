import { Button, Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { applicationPermission, permission, useControlPlane, useMissing } from "../../../../api/permissions.ts";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import type { Tree } from "../../details/types.ts";
import type { ApplicationName } from "../../details/use-application.ts";
import type { Subject } from "../subject.ts";
import { plainText } from "./ansi.ts";
import { LogView } from "./log-view.tsx";
import { podsOf, useContainers } from "./use-containers.ts";
import { useLogs } from "./use-logs.ts";

const SINCE = ["", "60", "300", "1800", "3600", "21600", "86400"] as const;
const TAIL = ["100", "1000", "10000"] as const;
/** Browsers open six connections to a server; the page itself needs some. */
const MOST_CONTAINERS = 3;

/** What the containers of an object write: of all its pods at once, followed, searched and kept within bounds. */
export function Logs({ of, app, subject, tree }: { of: ApplicationName; app: Application; subject: Subject; tree: Tree }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const missing = useMissing([permission("logs", "get", applicationPermission(app, "get", controlPlane).object)]);
  const pods = podsOf(subject, tree);
  const { data: containers, error: containersError } = useContainers(of, pods[0]);
  const [chosen, setChosen] = useState<string[]>();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [follow, setFollow] = useState(true);
  const [previous, setPrevious] = useState(false);
  const [wrap, setWrap] = useState(true);
  const [timestamps, setTimestamps] = useState(false);
  const [since, setSince] = useState<string>("");
  const [tail, setTail] = useState<string>("1000");
  const [search, setSearch] = useState("");
  const [only, setOnly] = useState(false);
  const names = (containers ?? []).map(({ name }) => name);
  const usual = (containers ?? []).filter(({ init }) => !init).map(({ name }) => name).slice(0, MOST_CONTAINERS);
  const read = chosen ?? usual;
  const { group = "", kind, namespace = "", name } = subject;
  const { log, clear } = useLogs(read.length === 0 || missing.length > 0 ? undefined : { of, group, kind, namespace, resourceName: name, containers: read, follow: follow && !previous, previous, tailLines: tail, sinceSeconds: since }, pods.map((pod) => pod.uid ?? pod.name).sort().join());
  const wanted = search.toLowerCase();
  const lines = useMemo(() => log.lines.filter(({ pod, text }) => !hidden.has(pod) && (!only || wanted === "" || plainText(text).toLowerCase().includes(wanted))), [log.lines, hidden, only, wanted]);
  const found = useMemo(() => (wanted === "" ? 0 : lines.reduce((sum, { text }) => sum + (plainText(text).toLowerCase().includes(wanted) ? 1 : 0), 0)), [lines, wanted]);
  const seen = [...new Set([...pods.map((pod) => pod.name), ...log.lines.map(({ pod }) => pod)])].filter((pod) => pod !== "");
  const togglePod = (pod: string): void => {
    const next = new Set(hidden);
    if (!next.delete(pod)) next.add(pod);
    setHidden(next);
  };
  const download = (): void => {
    const text = lines.map(({ pod, container, time, text: line }) => [time, pod, container, plainText(line)].filter((part) => part !== "").join(" ")).join("\n");
    const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: `${name}.log` });
    link.click();
    URL.revokeObjectURL(url);
  };
  if (missing.length > 0) return <p className="empty">{t("permission.missing", { permission: missing.join("; ") })}</p>;
  return (
    <div className="logs">
      <div className="toolbar">
        <MultiSelect size="xs" aria-label={t("logs.containers")} data={names} value={read} onChange={setChosen} maxValues={MOST_CONTAINERS} hidePickedOptions={false} comboboxProps={{ transitionProps: { duration: 0 } }} />
        <TextInput size="xs" type="search" aria-label={t("logs.search")} placeholder={t("logs.search")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        {wanted !== "" && <span className="faint" role="status">{t("logs.found", { count: found })}</span>}
        <Checkbox size="xs" label={t("logs.only")} checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />
        <Select size="xs" className="short" aria-label={t("logs.since")} allowDeselect={false} value={since} onChange={(value) => setSince(value ?? "")} data={SINCE.map((value) => ({ value, label: t(value === "" ? "logs.since.all" : `logs.since.${value}`) }))} />
        <Select size="xs" className="short" aria-label={t("logs.tail")} allowDeselect={false} value={tail} onChange={(value) => setTail(value ?? "1000")} data={TAIL.map((value) => ({ value, label: t("logs.lines", { count: value }) }))} />
      </div>
      <div className="toolbar">
        <Checkbox size="xs" label={t("logs.follow")} checked={follow && !previous} disabled={previous} onChange={(event) => setFollow(event.currentTarget.checked)} />
        <Checkbox size="xs" label={t("logs.wrap")} checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
        <Checkbox size="xs" label={t("logs.timestamps")} checked={timestamps} onChange={(event) => setTimestamps(event.currentTarget.checked)} />
        <Checkbox size="xs" label={t("logs.previous")} checked={previous} onChange={(event) => setPrevious(event.currentTarget.checked)} />
        <span className="toolbar-end">
          <Button variant="default" onClick={clear}>
            {t("logs.clear")}
          </Button>{" "}
          <Button variant="default" disabled={lines.length === 0} onClick={download}>
            {t("logs.download")}
          </Button>
        </span>
      </div>
      {seen.length > 1 && (
        <div className="toolbar" role="group" aria-label={t("logs.pods")}>
          {seen.map((pod, index) => (
            <button key={pod} type="button" className={`pod-name hue-${index % 8}`} aria-pressed={!hidden.has(pod)} onClick={() => togglePod(pod)}>
              {pod}
            </button>
          ))}
        </div>
      )}
      <ErrorNotice error={containersError ?? log.error} />
      {log.dropped > 0 && <p className="faint">{t("logs.dropped", { count: log.dropped })}</p>}
      <LogView lines={lines} hueOf={(pod) => seen.indexOf(pod) % 8} named={seen.length > 1 || read.length > 1} containers={read.length > 1} wrap={wrap} timestamps={timestamps} search={wanted} />
      <p className="faint" role="status">
        {log.reading > 0 ? (follow && !previous ? t("logs.following") : t("logs.reading")) : log.lines.length === 0 ? t("logs.none") : t("logs.ended")}
      </p>
    </div>
  );
}
