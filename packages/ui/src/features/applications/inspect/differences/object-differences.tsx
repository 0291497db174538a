import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { objectKey } from "../../details/tree.ts";
import { DiffBlock, DiffOptions } from "./diff-block.tsx";
import { Fields } from "./fields.tsx";
import type { ObjectDifference } from "./use-differences.ts";

interface Props {
  items: readonly ObjectDifference[];
  /** What the side is called that the objects would become. */
  afterLabel: string;
  /** Whether what is shown is a plan, and not a state. */
  plan?: boolean;
}

/** So many are open from the start. */
const OPEN = 3;
const STATES: Record<ObjectDifference["state"], string> = { Modified: "OutOfSync", Missing: "Missing", RequiresPruning: "RequiresPruning" };

/** Objects that differ: filtered by kind and name, each with its fields, their writers, and both texts. */
export function ObjectDifferences({ items, afterLabel, plan = false }: Props) {
  const t = useText();
  const [kinds, setKinds] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState("");
  const counts = new Map<string, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const shown = items.filter((item) => (kinds.size === 0 || kinds.has(item.kind)) && `${item.kind} ${item.namespace ?? ""}/${item.name}`.toLowerCase().includes(text.toLowerCase()));
  const toggle = (kind: string): void => {
    const next = new Set(kinds);
    if (!next.delete(kind)) next.add(kind);
    setKinds(next);
  };
  return (
    <>
      <div className="toolbar">
        {items.length > 1 && <TextInput size="xs" type="search" aria-label={t("diff.search")} placeholder={t("diff.search")} value={text} onChange={(event) => setText(event.currentTarget.value)} />}
        {counts.size > 1 &&
          [...counts].map(([kind, count]) => (
            <Button key={kind} size="compact-xs" variant={kinds.has(kind) ? "filled" : "default"} aria-pressed={kinds.has(kind)} onClick={() => toggle(kind)}>
              {kind} {count}
            </Button>
          ))}
        <DiffOptions />
      </div>
      {shown.length === 0 && <p className="empty">{t("diff.noneFits")}</p>}
      {shown.map((item, index) => (
        <OneObject key={objectKey(item)} item={item} afterLabel={afterLabel} plan={plan} first={index < OPEN} />
      ))}
    </>
  );
}

/** A comparison is made only once it is looked at. */
function OneObject({ item, afterLabel, plan, first }: { item: ObjectDifference; afterLabel: string; plan: boolean; first: boolean }) {
  const t = useText();
  const [open, setOpen] = useState(first);
  const { kind, namespace, name, state, desired, live } = item;
  const fields = item.fields ?? [];
  return (
    <details className="object-difference" open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-object={`${kind}/${name}`}>
      <summary>
        <span className="kind">{kind}</span> <strong>{name}</strong> {namespace && <small>{namespace}</small>}
        {plan ? <span className="badge">{t(`diff.plan.${state}`)}</span> : <Status value={STATES[state]} />}
        {fields.length > 0 && <small>{t("diff.fields", { count: fields.length })}</small>}
      </summary>
      {open && (
        <>
          {state === "RequiresPruning" && !plan && <p className="faint">{t("diff.prune")}</p>}
          <Fields fields={fields} beforeLabel={t("diff.live")} afterLabel={afterLabel} />
          <DiffBlock before={live} after={desired} beforeLabel={t("diff.live")} afterLabel={afterLabel} />
        </>
      )}
    </details>
  );
}
