import { Button, Drawer, SegmentedControl, TextInput } from "@mantine/core";
import { useCallback, useEffect, useRef, useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { ApiError, call, SessionError } from "../../../api/client.ts";
import { applicationPermission, permission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Editor } from "../../../components/code/shown.tsx";
import { Completion } from "../../../components/completion.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { FocusBack } from "../../../components/focus-back.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import { go } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import "../../../styles/inspect.css";
import "../../../styles/create.css";
import { useRepositories } from "../../repositories/use-repositories.ts";
import { readText, textWith, type TextProblem } from "./draft.ts";
import { change, FRESH, formOf, type Form } from "./form.ts";
import { PolicyFields } from "./policy-fields.tsx";
import { Preview } from "./preview/preview.tsx";
import { refusalOf, type Refusal } from "./refusal.ts";
import { SourceFields } from "./source-fields.tsx";
import { useDestinations } from "./use-choices.ts";

const NOTHING: Refusal = { fields: {}, source: 0, rest: [] };
const BY = ["server", "name"] as const;

type Edit = (app: Application) => Application;

/** A new application as a form and as YAML, which are always the same; what would become of it is seen before it is created. */
export default function CreateApplication({ onClose }: { onClose: () => void }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [text, setText] = useState(FRESH);
  const [version, setVersion] = useState(0);
  // The form stands on the last text that could be read.
  const [app, setApp] = useState(() => readText(FRESH).app!);
  const [problem, setProblem] = useState<TextProblem>();
  const [previewing, setPreviewing] = useState(false);
  const { busy, error, setError, submit } = useSubmit();
  const fields = useRef<HTMLFieldSetElement>(null);
  const form = formOf(app);
  const refusal = error instanceof ApiError && !(error instanceof SessionError) && error.message !== "" ? refusalOf(error.message, form.sources) : NOTHING;
  const dirty = text !== FRESH;

  const write = (now: string): void => {
    setText(now);
    const reading = readText(now);
    setProblem(reading.problem);
    if (reading.app !== undefined) setApp(reading.app);
  };
  const edit = (work: Edit): void => {
    const next = work(app);
    setApp(next);
    setText(textWith(text, next));
    setVersion(version + 1);
  };
  const refused = useCallback((thrown: unknown) => {
    setError(thrown);
    setPreviewing(false);
  }, [setError]);
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (problem !== undefined) return;
    const done = await submit(async () => {
      const { metadata } = await call<{ metadata: { name: string; namespace: string } }>("POST", "api/v1/applications", app);
      go(pathOf({ page: "application", ...metadata }));
    });
    if (!done) setPreviewing(false);
  };
  // Whoever does not see the page is led to what is wrong.
  useEffect(() => {
    if (error !== undefined) fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return (
    <Drawer opened onClose={onClose} size="min(1320px, 100%)" closeOnEscape={!dirty} closeOnClickOutside={!dirty} title={t("create.title")} closeButtonProps={{ "aria-label": t("action.close") }} classNames={{ body: "drawer-body", content: "drawer-content" }}>
      <FocusBack />
      <form onSubmit={onSubmit} className="create-form">
        <div className="sticky-bar">
          <div className="toolbar">
            <ActionButton type="submit" size="sm" loading={busy} needs={form.name === "" ? permission("applications", "create") : applicationPermission(app, "create", controlPlane)} blocked={problem === undefined ? undefined : t("create.unreadable")}>
              {t("create.submit")}
            </ActionButton>
            {previewing ? (
              <Button variant="default" size="sm" onClick={() => setPreviewing(false)}>
                {t("create.edit")}
              </Button>
            ) : (
              <ActionButton variant="default" size="sm" onClick={() => (setError(undefined), setPreviewing(true))} blocked={problem === undefined ? undefined : t("create.unreadable")}>
                {t("create.preview")}
              </ActionButton>
            )}
            <Button variant="default" size="sm" onClick={onClose}>
              {t("action.cancel")}
            </Button>
          </div>
          {Object.keys(refusal.fields).length === 0 ? <ErrorNotice error={refusal.rest.length === 0 ? error : new Error(refusal.rest.join("; "))} /> : <ErrorNotice error={new Error([t("create.refused"), ...refusal.rest].join(" "))} />}
        </div>
        {previewing && <Preview app={app} onRefused={refused} />}
        {/* What was typed stays where it is. */}
        <div className="create" hidden={previewing}>
          <fieldset ref={fields} className="create-fields" disabled={problem !== undefined} aria-label={t("create.form")}>
            <Fields form={form} refusal={refusal} onEdit={edit} />
          </fieldset>
          <div className="create-yaml">
            <Editor text={text} version={version} label={t("create.yaml")} problemLine={problem?.line} onChange={write} />
            <div role="status">{problem !== undefined && <Problem problem={problem} />}</div>
          </div>
        </div>
      </form>
    </Drawer>
  );
}

function Problem({ problem: { line, code, path, detail } }: { problem: TextProblem }) {
  const t = useText();
  const key = `create.problem.${code}`;
  const what = isTextKey(key) ? t(key, { path }) : detail;
  return (
    <p className="notice failed">
      {t("create.problem", { line, what })} <small>{t("create.problem.form")}</small>
    </p>
  );
}

function Fields({ form, refusal, onEdit }: { form: Form; refusal: Refusal; onEdit: (edit: Edit) => void }) {
  const t = useText();
  const repositories = useRepositories().data ?? [];
  const destinations = useDestinations();
  const { fields } = refusal;
  const destination = (changes: Partial<Form>): void => onEdit((app) => change.destination(app, { ...form, ...changes }));
  return (
    <>
      <fieldset>
        <legend>{t("create.general")}</legend>
        <TextInput label={t("create.name")} value={form.name} onChange={({ currentTarget: { value } }) => onEdit((app) => change.name(app, value))} error={fields.name} required data-autofocus autoComplete="off" spellCheck={false} />
        <Completion label={t("create.project")} data={destinations.projects} value={form.project} onChange={(project) => onEdit((app) => change.project(app, project))} error={fields.project} required />
      </fieldset>
      {form.sources.map((source, index) => (
        <SourceFields
          key={index}
          source={source}
          number={form.several ? index + 1 : undefined}
          project={form.project}
          name={form.name}
          repositories={repositories}
          refused={index === refusal.source ? fields : {}}
          onChange={(changed) => onEdit((app) => change.source(app, index, changed))}
          onRemove={() => onEdit((app) => change.removeSource(app, index))}
        />
      ))}
      <div>
        <Button variant="subtle" onClick={() => onEdit(change.addSource)}>
          {t("create.addSource")}
        </Button>
      </div>
      <fieldset>
        <legend>{t("create.destination")}</legend>
        <SegmentedControl size="xs" className="start" aria-label={t("create.by")} value={form.by} onChange={(value) => destination({ by: BY.find((one) => one === value) ?? "server", cluster: (value === "name" ? destinations.clusterNames : destinations.servers)[0] ?? "" })} data={BY.map((value) => ({ value, label: t(`create.by.${value}`) }))} />
        <Completion label={t("create.cluster")} data={form.by === "name" ? destinations.clusterNames : destinations.servers} value={form.cluster} onChange={(cluster) => destination({ cluster })} error={fields.cluster} required />
        <TextInput label={t("create.namespace")} value={form.namespace} onChange={({ currentTarget: { value } }) => destination({ namespace: value })} error={fields.namespace} autoComplete="off" spellCheck={false} />
      </fieldset>
      <PolicyFields form={form} onChange={onEdit} />
    </>
  );
}
