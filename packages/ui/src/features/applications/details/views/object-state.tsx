import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import type { AppObject } from "../tree.ts";

type Stated = Pick<AppObject, "node" | "sync" | "requiresPruning">;

/** How an object is; nothing where its kind has no health. `plain`: the sign alone, with the word for whoever cannot see it. */
export function ObjectHealth({ object: { node }, plain = false }: { object: Stated; plain?: boolean }) {
  const t = useText();
  return node.health?.status ? <Status value={node.health.status} what={t("column.health")} plain={plain} /> : null;
}

/** Whether an object is as Git declares it; nothing where Git does not. */
export function ObjectSync({ object: { sync, requiresPruning }, plain = false }: { object: Stated; plain?: boolean }) {
  const t = useText();
  const state = requiresPruning === true ? "RequiresPruning" : sync;
  return state ? <Status value={state} what={t("column.sync")} plain={plain} /> : null;
}

/** The lines that the server adds to an object: `1/1`, `Rev:3`, its restarts. */
export function ObjectInfo({ object: { node } }: { object: Pick<AppObject, "node"> }) {
  return (node.info ?? [])
    .filter(({ value }) => value !== "0")
    .map(({ name, value }) => (
      <small key={name} title={name}>
        {value}
      </small>
    ));
}
