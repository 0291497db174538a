import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { objectKey } from "../details/tree.ts";
import type { ObjectName } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { DiffBlock, DiffOptions } from "../inspect/differences/diff-block.tsx";
import { Fields } from "../inspect/differences/fields.tsx";
import { useDifferences, type ObjectDifference } from "../inspect/differences/use-differences.ts";

type Resource = NonNullable<NonNullable<Application["status"]>["resources"]>[number];

interface Props {
  of: ApplicationName;
  app: Application;
  resources: readonly Resource[];
  /** Keys of those that are not synced. */
  left: ReadonlySet<string>;
  onLeft: (left: ReadonlySet<string>) => void;
}

/** So many are shown before somebody searches. */
const SHOWN = 200;
const SEARCHED_FROM = 12;

const keyOf = (resource: Resource): string => objectKey(resource as ObjectName);

/** The objects that are synced: all, those that differ, or some; each with what a sync would change of it. */
export function ResourceChoice({ of, app, resources, left, onLeft }: Props) {
  const t = useText();
  const [text, setText] = useState("");
  const [open, setOpen] = useState<string>();
  const differences = useDifferences(of, app.status?.reconciledAt ?? "");
  const byKey = new Map((differences.data ?? []).map((one) => [objectKey(one), one]));
  const fitting = resources.filter(({ kind, namespace, name }) => `${kind} ${namespace ?? ""}/${name}`.toLowerCase().includes(text.toLowerCase()));
  const count = resources.filter((resource) => !left.has(keyOf(resource))).length;
  const leave = (some: readonly Resource[]): void => onLeft(new Set(some.map(keyOf)));
  const toggle = (key: string, on: boolean): void => {
    const next = new Set(left);
    if (on) next.delete(key);
    else next.add(key);
    onLeft(next);
  };
  return (
    <fieldset>
      <legend>{t("sync.resources", { count, total: resources.length })}</legend>
      <div className="choose">
        <Button variant="subtle" onClick={() => leave([])}>
          {t("sync.all")}
        </Button>
        <Button variant="subtle" onClick={() => leave(resources.filter(({ status }) => status !== "OutOfSync"))}>
          {t("sync.outOfSync")}
        </Button>
        <Button variant="subtle" onClick={() => leave(resources)}>
          {t("sync.none")}
        </Button>
        {open !== undefined && <DiffOptions />}
      </div>
      {resources.length >= SEARCHED_FROM && <TextInput size="xs" type="search" aria-label={t("diff.search")} placeholder={t("diff.search")} value={text} onChange={(event) => setText(event.currentTarget.value)} />}
      <ErrorNotice error={differences.error} />
      {fitting.slice(0, SHOWN).map((resource) => {
        const key = keyOf(resource);
        const difference = byKey.get(key);
        const label = `${resource.kind} ${resource.name}`;
        return (
          <div key={key} className="choice-row" data-choice={`${resource.kind}/${resource.name}`}>
            <div className="choice">
              <Checkbox label={label} description={resource.namespace} checked={!left.has(key)} onChange={(event) => toggle(key, event.currentTarget.checked)} />
              <span className="choice-end">
                {resource.requiresPruning === true && <small>{t("sync.wouldPrune")}</small>}
                <Status value={resource.status} />
                {difference !== undefined && (
                  <Button variant="subtle" aria-expanded={open === key} aria-label={t("sync.diffOf", { name: label })} onClick={() => setOpen(open === key ? undefined : key)}>
                    {t("sync.diff")}
                  </Button>
                )}
              </span>
            </div>
            {open === key && difference !== undefined && <Difference difference={difference} />}
          </div>
        );
      })}
      {fitting.length > SHOWN && <p className="faint">{t("sync.more", { count: fitting.length - SHOWN })}</p>}
    </fieldset>
  );
}

function Difference({ difference: { fields, live, desired } }: { difference: ObjectDifference }) {
  const t = useText();
  return (
    <>
      <Fields fields={fields ?? []} beforeLabel={t("diff.live")} afterLabel={t("diff.desired")} />
      <DiffBlock before={live} after={desired} beforeLabel={t("diff.live")} afterLabel={t("diff.desired")} />
    </>
  );
}
