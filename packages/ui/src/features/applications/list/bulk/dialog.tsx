import { Button, Checkbox, Progress, Radio, TextInput } from "@mantine/core";
import "@mantine/core/styles/Progress.css";
import "@mantine/core/styles/Radio.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../../api/apply-event.ts";
import { applicationPermission, describe, useControlPlane } from "../../../../api/permissions.ts";
import { Dialog } from "../../../../components/dialog.tsx";
import { Status } from "../../../../components/status.tsx";
import { useText, type Text } from "../../../../i18n/text.tsx";
import { ACTION, perform, WAYS, type HowTo, type Operation } from "./operation.ts";
import { startRun, type Outcome, type Run } from "./run.ts";

/** Something that is to be done with applications, as they were when it was asked for. */
export interface Plan {
  operation: Operation;
  apps: readonly Application[];
  /** For each, whether the reader may. */
  allowed: readonly boolean[];
}

interface Props {
  plan: Plan;
  onClose: () => void;
  /** Keys of those with which it was not done. */
  onDone: (left: readonly string[]) => void;
}

/** Says what would be done with which applications, does it, and tells what became of each. */
export default function BulkDialog({ plan: { operation, apps, allowed }, onClose, onDone }: Props) {
  const t = useText();
  const mine = useMemo(() => apps.filter((_, index) => allowed[index] === true), [apps, allowed]);
  const [how, setHow] = useState<HowTo>({ hard: false, prune: false, dryRun: false, applyOnly: false, force: false, way: "foreground" });
  const [run, setRun] = useState<Run>();
  const [stopping, setStopping] = useState<AbortController>();
  const [ended, setEnded] = useState(false);
  useSyncExternalStore(run?.subscribe ?? never, () => run?.version() ?? 0);
  useEffect(() => () => stopping?.abort(), [stopping]);

  const start = (some: readonly Application[]): void => {
    const abort = new AbortController();
    const byKey = new Map(some.map((app) => [keyOf(app), app]));
    const started = startRun([...byKey.keys()], (key) => perform(operation, byKey.get(key)!, how, abort.signal), abort.signal);
    setStopping(abort);
    setRun(started);
    setEnded(false);
    void started.ended.then(() => {
      setEnded(true);
      onDone(apps.map(keyOf).filter((key) => started.outcomes.get(key) !== "done" && (byKey.has(key) || !mine.some((app) => keyOf(app) === key))));
    });
  };
  const count = mine.length;
  return (
    <Dialog onClose={onClose} size="lg" title={t(`bulk.title.${operation}`, { count: apps.length })}>
      {run === undefined ? (
        <Ask operation={operation} how={how} count={count} onHow={setHow} onStart={() => start(mine)} onClose={onClose} />
      ) : (
        <Doing run={run} ended={ended} onStop={() => stopping?.abort()} onAgain={() => start(mine.filter((app) => run.outcomes.get(keyOf(app)) !== "done"))} onClose={onClose} />
      )}
      {count < apps.length && <p className="notice">{t("bulk.notAllowed", { count: apps.length - count })}</p>}
      <Chosen operation={operation} apps={apps} allowed={allowed} run={run} />
    </Dialog>
  );
}

const never = (): (() => void) => () => undefined;

interface AskProps {
  operation: Operation;
  how: HowTo;
  count: number;
  onHow: (how: HowTo) => void;
  onStart: () => void;
  onClose: () => void;
}

function Ask({ operation, how, count, onHow, onStart, onClose }: AskProps) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onStart();
  };
  return (
    <form className="form" onSubmit={submit}>
      {operation === "refresh" && <Checkbox label={t("app.refreshHard")} checked={how.hard} onChange={(event) => onHow({ ...how, hard: event.currentTarget.checked })} />}
      {operation === "sync" && (
        <fieldset>
          <legend>{t("sync.how")}</legend>
          {(["prune", "dryRun", "applyOnly", "force"] as const).map((name) => (
            <Checkbox key={name} label={t(`sync.${name}`)} description={t(`sync.${name}.about`)} checked={how[name]} onChange={(event) => onHow({ ...how, [name]: event.currentTarget.checked })} />
          ))}
        </fieldset>
      )}
      {operation === "delete" && (
        <>
          <Radio.Group label={t("delete.how")} value={how.way} onChange={(value) => onHow({ ...how, way: WAYS.find((way) => way === value) ?? "foreground" })}>
            <div className="radios">
              {WAYS.map((way) => (
                <Radio key={way} size="xs" value={way} label={t(`delete.${way}`)} description={t(`delete.${way}.about`)} />
              ))}
            </div>
          </Radio.Group>
          <TextInput label={t("bulk.type", { count })} inputMode="numeric" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
        </>
      )}
      <div className="submit">
        <Button type="submit" size="sm" {...(operation === "delete" && { color: "red" })} disabled={count === 0 || (operation === "delete" && typed.trim() !== String(count))} data-autofocus>
          {t(`bulk.submit.${operation}`, { count })}
        </Button>
        <Button variant="default" size="sm" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Doing({ run, ended, onStop, onAgain, onClose }: { run: Run; ended: boolean; onStop: () => void; onAgain: () => void; onClose: () => void }) {
  const t = useText();
  const outcomes = [...run.outcomes.values()];
  const done = outcomes.filter((outcome) => outcome === "done").length;
  const failed = outcomes.filter((outcome) => typeof outcome === "object").length;
  const text = t(ended ? "bulk.ended" : "bulk.progress", { done, failed, count: run.count });
  return (
    <div className="form">
      <Progress value={(100 * (done + failed)) / run.count} transitionDuration={0} aria-label={text} {...(failed > 0 && { color: "red" })} />
      <p role="status">{text}</p>
      <div className="submit">
        {!ended && (
          <Button variant="default" size="sm" onClick={onStop}>
            {t("bulk.stop")}
          </Button>
        )}
        {ended && done < run.count && (
          <Button size="sm" onClick={onAgain}>
            {t("bulk.again", { count: run.count - done })}
          </Button>
        )}
        {ended && (
          <Button variant="default" size="sm" onClick={onClose} data-autofocus>
            {t("action.close")}
          </Button>
        )}
      </div>
    </div>
  );
}

const LINE_PX = 40;

/** Every chosen application and what became of it, failures first. */
function Chosen({ operation, apps, allowed, run }: { operation: Operation; apps: readonly Application[]; allowed: readonly boolean[]; run: Run | undefined }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const list = useRef<HTMLDivElement>(null);
  const lines = apps.map((app, index) => ({ app, key: keyOf(app), allowed: allowed[index] === true, outcome: run?.outcomes.get(keyOf(app)) })).sort((a, b) => rank(a.outcome) - rank(b.outcome));
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => list.current, estimateSize: () => LINE_PX, overscan: 10, getItemKey: (index) => lines[index]!.key });
  return (
    <div ref={list} className="bulk-list" tabIndex={0} role="region" aria-label={t("bulk.list")}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const { app, outcome, allowed: may } = lines[index]!;
          return (
            <li key={key} ref={virtual.measureElement} data-index={index} data-chosen={app.metadata.name} style={{ transform: `translateY(${start}px)` }}>
              <span className="bulk-name">
                {app.metadata.name} <small>{app.spec.project || "default"}</small>
              </span>
              {may ? <Became outcome={outcome} app={app} t={t} /> : <small className="obstacle">{t("permission.missing", { permission: describe(applicationPermission(app, ACTION[operation], controlPlane)) })}</small>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Became({ outcome, app, t }: { outcome: Outcome | undefined; app: Application; t: Text }) {
  if (outcome === "busy") return <Status value="Running" />;
  if (outcome === "done") return <Status value="Succeeded" />;
  if (outcome === undefined)
    return (
      <span className="bulk-states">
        <Status value={app.status?.health?.status} what={t("column.health")} />
        <Status value={app.status?.sync?.status} what={t("column.sync")} />
      </span>
    );
  return (
    <>
      <Status value="Failed" />
      <small className="bulk-failure">{outcome.failed || t("error.unreachable")}</small>
    </>
  );
}

const rank = (outcome: Outcome | undefined): number => (typeof outcome === "object" ? 0 : outcome === "busy" ? 1 : 2);
