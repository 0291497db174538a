import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import { go } from "../../../navigation.tsx";
import { applicationAddress, type ApplicationName } from "./use-application.ts";

const CHOICES = ["foreground", "background", "orphan"] as const;

/** Deletes an application after its name was typed; says what goes with it. */
export default function DeleteDialog({ of, app, onClose }: { of: ApplicationName; app: Application; onClose: () => void }) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const [choice, setChoice] = useState<(typeof CHOICES)[number]>("foreground");
  const [error, setError] = useState<unknown>();
  const resources = app.status?.resources ?? [];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(undefined);
    try {
      await call("DELETE", applicationAddress(of, "", choice === "orphan" ? { cascade: "false" } : { cascade: "true", propagationPolicy: choice }));
      go("applications");
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("delete.title", { name: of.name })} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form onSubmit={submit} className="form">
        <SegmentedControl aria-label={t("delete.how")} value={choice} onChange={(value) => setChoice(CHOICES.find((one) => one === value) ?? "foreground")} data={CHOICES.map((value) => ({ value, label: t(`delete.${value}`) }))} />
        <p>{choice === "orphan" ? t("delete.keeps", { count: resources.length }) : t("delete.takes", { count: resources.length })}</p>
        {choice !== "orphan" && (
          <ul className="short-list">
            {resources.map(({ kind, namespace, name }) => (
              <li key={`${kind}/${namespace}/${name}`}>
                {kind} {name}
              </li>
            ))}
          </ul>
        )}
        <TextInput label={t("delete.type", { name: of.name })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" data-autofocus />
        <ErrorNotice error={error} />
        <Button type="submit" color="red" size="sm" disabled={typed !== of.name}>
          {t("delete.submit")}
        </Button>
      </form>
    </Modal>
  );
}
