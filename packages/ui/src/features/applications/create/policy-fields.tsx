import { Checkbox } from "@mantine/core";
import type { Application } from "@trireme/api/argo";
import { useText } from "../../../i18n/text.tsx";
import { OptionFields } from "../sync/option-fields.tsx";
import { RetryFields } from "../sync/retry-fields.tsx";
import { change, type Form } from "./form.ts";

interface Props {
  form: Form;
  onChange: (edit: (app: Application) => Application) => void;
}

/** When and how the application is synced. */
export function PolicyFields({ form, onChange }: Props) {
  const t = useText();
  return (
    <>
      <fieldset>
        <legend>{t("create.policy")}</legend>
        <Checkbox label={t("create.automated")} checked={form.automated} onChange={({ currentTarget: { checked } }) => onChange((app) => change.automated(app, checked))} />
        {form.automated && <Checkbox label={t("create.prune")} checked={form.prune} onChange={({ currentTarget: { checked } }) => onChange((app) => change.automation(app, { prune: checked }))} />}
        {form.automated && <Checkbox label={t("create.selfHeal")} checked={form.selfHeal} onChange={({ currentTarget: { checked } }) => onChange((app) => change.automation(app, { selfHeal: checked }))} />}
        <Checkbox label={t("create.finalizer")} checked={form.finalizer} onChange={({ currentTarget: { checked } }) => onChange((app) => change.finalizer(app, checked))} />
      </fieldset>
      <OptionFields options={form.options} onChange={(options) => onChange((app) => change.options(app, options))} />
      <fieldset>
        <legend>{t("sync.retry")}</legend>
        <Checkbox label={t("create.retry")} checked={form.retry !== undefined} onChange={({ currentTarget: { checked } }) => onChange((app) => change.retry(app, checked))} />
        {form.retry !== undefined && <RetryFields retry={form.retry} onChange={(changes) => onChange((app) => change.retryWith(app, changes))} />}
      </fieldset>
    </>
  );
}
