import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { address, call } from "../../api/client.ts";
import { permission } from "../../api/permissions.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { SureButton } from "../../components/sure-button.tsx";
import { FocusBack } from "../../components/focus-back.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useText } from "../../i18n/text.tsx";
import { setParameters, useRoute } from "../../navigation.tsx";
import { certificatesFrom, type Certificate } from "./certificates.ts";
import { SettingsFrame } from "./frame.tsx";

const KEY = ["certificates"];
const EXAMPLE = "git.example.com";

/** Settings → Certificates and known hosts: whom repositories' servers are believed. */
export default function CertificatesPage() {
  const t = useText();
  const queries = useQueryClient();
  const { parameters } = useRoute();
  const { error: failed, setError } = useSubmit();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: Certificate[] | null }>("GET", "api/v1/certificates", undefined, signal)).items ?? [] });
  const remove = async ({ serverName, certType, certSubType }: Certificate): Promise<void> => {
    await call("DELETE", address("api/v1/certificates", { hostNamePattern: serverName, certType, certSubType }));
    await queries.invalidateQueries({ queryKey: KEY });
  };
  const add = permission("certificates", "create", "");
  const actions = (
    <>
      <ActionButton size="sm" variant="default" needs={add} onClick={() => setParameters({ add: "ssh" })}>
        {t("certs.addHosts")}
      </ActionButton>
      <ActionButton size="sm" needs={add} onClick={() => setParameters({ add: "https" })}>
        {t("certs.addTls")}
      </ActionButton>
    </>
  );
  const kind = parameters.get("add");
  return (
    <SettingsFrame title={t("settings.certificates")} actions={actions}>
      <ErrorNotice error={error ?? failed} />
      {data?.length === 0 && <p className="empty">{t("certs.none")}</p>}
      {data !== undefined && data.length > 0 && (
        <div className="table-scroller" tabIndex={0} role="group" aria-label={t("settings.certificates")}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("certs.server")}</th>
                <th scope="col">{t("certs.kind")}</th>
                <th scope="col">{t("certs.info")}</th>
                <th scope="col">
                  <span className="hidden-text">{t("table.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((one) => (
                <tr key={`${one.serverName} ${one.certType} ${one.certSubType} ${one.certInfo}`} data-server={one.serverName}>
                  <th scope="row">{one.serverName}</th>
                  <td>{[one.certType === "ssh" ? t("certs.ssh") : t("certs.https"), one.certSubType].filter(Boolean).join(" · ")}</td>
                  <td className="fingerprint">{one.certInfo}</td>
                  <td className="card-actions">
                    <SureButton label={t("action.delete")} sure={t("action.deleteNow")} needs={permission("certificates", "delete", "")} onSure={() => remove(one)} onError={setError} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {kind !== null && <Add kind={kind === "ssh" ? "ssh" : "https"} onClose={() => setParameters({ add: undefined })} />}
    </SettingsFrame>
  );
}

function Add({ kind, onClose }: { kind: "ssh" | "https"; onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const { busy, error, setError, submit } = useSubmit();
  const [chosen, setChosen] = useState(kind);
  const [written, setWritten] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const { items, problem } = certificatesFrom(chosen, String(form.get("server") ?? ""), String(form.get("data") ?? ""));
    if (problem !== undefined) return setError(new Error(t("certs.badLine", { line: problem })));
    const done = await submit(async () => {
      await call("POST", "api/v1/certificates", { items });
      await queries.invalidateQueries({ queryKey: KEY });
    });
    if (done) onClose();
  };
  return (
    <Dialog held={written} onInput={() => setWritten(true)} onClose={onClose} size="lg" title={t(chosen === "ssh" ? "certs.addHosts" : "certs.addTls")}>
      <FocusBack />
      <form className="form" onSubmit={onSubmit}>
        <NativeSelect label={t("certs.kind")} value={chosen} onChange={(event) => setChosen(event.currentTarget.value === "ssh" ? "ssh" : "https")} data={[{ value: "https", label: t("certs.https") }, { value: "ssh", label: t("certs.ssh") }]} />
        {chosen === "https" && <TextInput name="server" label={t("certs.server")} placeholder={EXAMPLE} required data-autofocus />}
        <Textarea name="data" label={t(chosen === "ssh" ? "certs.lines" : "certs.pem")} description={t(chosen === "ssh" ? "certs.lines.about" : "certs.pem.about")} rows={8} required spellCheck={false} className="pem" />
        <ErrorNotice error={error} />
        <div className="submit">
          <Button type="submit" size="sm" loading={busy}>
            {t("action.add")}
          </Button>
          <Button variant="default" size="sm" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
