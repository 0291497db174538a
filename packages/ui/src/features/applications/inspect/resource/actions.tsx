import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { objectKey } from "../../details/tree.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { objectParameters, type Subject } from "../subject.ts";

interface ResourceAction {
  name: string;
  displayName?: string;
  disabled?: boolean;
  params?: { name: string; type?: string; default?: string }[] | null;
}

/** What can be done with the object by one word; each asks once more before it is done. */
export function Actions({ of, app, subject }: { of: ApplicationName; app: Application; subject: Subject }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [asking, setAsking] = useState<ResourceAction>();
  const [done, setDone] = useState<string>();
  const { group = "", kind, node } = subject;
  const { data, error } = useQuery({
    queryKey: ["resource", of.namespace, of.name, objectKey(subject), "actions", node?.resourceVersion],
    queryFn: async ({ signal }) => (await call<{ actions?: ResourceAction[] | null }>("GET", applicationAddress(of, "/resource/actions", objectParameters(subject)), undefined, signal)).actions ?? [],
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 10_000,
  });
  return (
    <>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("actions.none", { kind })}</p>}
      {done !== undefined && (
        <p className="notice" role="status">
          {t("actions.done", { action: done })}
        </p>
      )}
      <ul className="action-list">
        {data?.map((action) => (
          <li key={action.name}>
            <ActionButton variant="default" needs={applicationPermission(app, `action/${group}/${kind}/${action.name}`, controlPlane)} blocked={action.disabled === true ? t("actions.notNow") : undefined} aria-expanded={asking?.name === action.name} onClick={() => (setAsking(action), setDone(undefined))}>
              {nameOf(action)}
            </ActionButton>
            {action.disabled === true && <small>{t("actions.notNow")}</small>}
            {asking?.name === action.name && <Confirm of={of} subject={subject} action={action} onClose={() => setAsking(undefined)} onDone={() => (setAsking(undefined), setDone(nameOf(action)))} />}
          </li>
        ))}
      </ul>
    </>
  );
}

const nameOf = ({ name, displayName }: ResourceAction): string => displayName || name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");

function Confirm({ of, subject, action, onClose, onDone }: { of: ApplicationName; subject: Subject; action: ResourceAction; onClose: () => void; onDone: () => void }) {
  const t = useText();
  const parameters = action.params ?? [];
  const [values, setValues] = useState<Record<string, string>>(Object.fromEntries(parameters.map(({ name, default: value = "" }) => [name, value])));
  const { busy, error, submit } = useSubmit();
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const request = { name: of.name, appNamespace: of.namespace, ...objectParameters(subject), action: action.name, ...(parameters.length > 0 && { resourceActionParameters: parameters.map(({ name }) => ({ name, value: values[name] ?? "" })) }) };
    if (await submit(() => call("POST", applicationAddress(of, "/resource/actions/v2"), request))) onDone();
  };
  return (
    <form className="confirm" onSubmit={onSubmit}>
      <p>{t("actions.sure", { action: nameOf(action), kind: subject.kind, name: subject.name })}</p>
      {parameters.map(({ name, type }) => (
        <TextInput key={name} size="xs" label={name} required value={values[name] ?? ""} {...(type === "number" && { type: "number" })} onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })} />
      ))}
      <ErrorNotice error={error} />
      <div className="submit">
        <Button type="submit" loading={busy} data-autofocus>
          {t("actions.run")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}
