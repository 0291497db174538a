import { Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Code } from "../../../../components/code/shown.tsx";
import { yamlOfJson } from "../../../../components/code/yaml.ts";
import { useText } from "../../../../i18n/text.tsx";
import { shortRevision } from "../../describe.ts";
import { objectKey } from "../../details/tree.ts";
import { DiffBlock, DiffOptions } from "../../inspect/differences/diff-block.tsx";
import { Fields } from "../../inspect/differences/fields.tsx";
import { byKind, STATES } from "./by-kind.ts";
import { usePreview, type PreviewAnswer, type PreviewedObject } from "./use-preview.ts";

/** What would be created, changed and left alone, before anything is. @param onRefused called with why there is none. */
export function Preview({ app, onRefused }: { app: Application; onRefused: (error: unknown) => void }) {
  const t = useText();
  const { data, error, isFetching } = usePreview(app);
  useEffect(() => {
    if (error !== null) onRefused(error);
  }, [error, onRefused]);
  return (
    <section className="preview" aria-label={t("preview.title")} aria-busy={isFetching}>
      {isFetching && data === undefined && (
        <p className="empty" role="status">
          <Loader size="xs" /> {t("preview.asking")}
        </p>
      )}
      {data !== undefined && <Answer data={data} />}
    </section>
  );
}

function Answer({ data: { items, conditions, revisions, sourceTypes, exists } }: { data: PreviewAnswer }) {
  const t = useText();
  const objects = items ?? [];
  const groups = byKind(objects);
  const refused = objects.filter(({ problem }) => problem !== undefined && problem !== "");
  return (
    <>
      <div className="toolbar" role="status">
        <strong>{t("preview.count", { count: objects.length })}</strong>
        {STATES.map((state) => ({ state, count: objects.filter((one) => one.state === state).length })).map(({ state, count }) => count > 0 && <span key={state} className={`chip ${TONES[state]}`}>{t(`preview.count.${state}`, { count })}</span>)}
        <small>
          {(sourceTypes ?? []).join(", ")} {(revisions ?? []).map(shortRevision).join(", ")}
        </small>
        <DiffOptions />
      </div>
      {exists === true && <p className="notice failed">{t("preview.exists")}</p>}
      {refused.length > 0 && <p className="notice failed">{t("preview.refused", { count: refused.length })}</p>}
      {(conditions ?? []).map(({ type, message }) => (
        <p key={type + message} className={type.endsWith("Error") ? "notice failed" : "notice"}>
          {message}
        </p>
      ))}
      {objects.length === 0 && <p className="empty">{t("preview.none")}</p>}
      {groups.map(({ kind, objects: some }) => (
        <section key={kind} className="sub" data-kind={kind}>
          <h3>
            {kind} <small>{some.length}</small>
          </h3>
          {some.map((object) => (
            <OneObject key={objectKey(object)} object={object} />
          ))}
        </section>
      ))}
    </>
  );
}

const TONES: Record<PreviewedObject["state"], string> = { New: "good", Modified: "warn", Same: "", RequiresPruning: "warn", Hook: "" };

/** A manifest is made only once it is looked at. */
function OneObject({ object }: { object: PreviewedObject }) {
  const t = useText();
  const { kind, namespace, name, state, desired, live, hooks, owner, problem } = object;
  const fields = object.fields ?? [];
  const [open, setOpen] = useState(state === "Modified" || Boolean(problem));
  return (
    <details className="object-difference" open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-object={`${kind}/${name}`} data-state={state}>
      <summary>
        <strong>{name}</strong> {namespace && <small>{namespace}</small>}
        <span className={`badge ${TONES[state]}`}>{state === "Hook" ? t("preview.hook", { phases: (hooks ?? []).join(", ") }) : t(`preview.state.${state}`)}</span>
        {owner && <span className="badge warn">{t("preview.owner", { name: owner })}</span>}
        {problem && <span className="badge bad">{t("preview.problem")}</span>}
        {fields.length > 0 && <small>{t("diff.fields", { count: fields.length })}</small>}
      </summary>
      {open && (
        <>
          {problem && <p className="notice failed">{problem}</p>}
          {owner && <p className="notice">{t("preview.owner.about", { name: owner })}</p>}
          {state === "RequiresPruning" && <p className="faint">{t("preview.leftOver")}</p>}
          {state === "Modified" ? (
            <>
              <Fields fields={fields} beforeLabel={t("diff.live")} afterLabel={t("preview.then")} />
              <DiffBlock before={live} after={desired} beforeLabel={t("diff.live")} afterLabel={t("preview.then")} />
            </>
          ) : (
            <Code text={yamlOfJson(state === "RequiresPruning" ? live : desired)} label={t("preview.manifest", { name: `${kind} ${name}` })} />
          )}
        </>
      )}
    </details>
  );
}
