import { Autocomplete, Button, Checkbox, Drawer, PasswordInput, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState, type FormEvent } from "react";
import { ActionButton } from "../../components/action-button.tsx";
import { permission } from "../../api/permissions.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { FocusBack } from "../../components/focus-back.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useText, type TextKey } from "../../i18n/text.tsx";
import { useProjectNames } from "../settings/use-names.ts";
import { repositoryPermission, useRepositoryChanges } from "./use-repositories.ts";
import { repositoryFrom, templateFrom, WAYS, type Way } from "./ways.ts";

const EXAMPLES: Record<Way, string> = {
  https: "https://git.example.com/team/shop.git",
  ssh: "git@git.example.com:team/shop.git",
  githubApp: "https://github.com/team/shop.git",
  helm: "https://charts.example.com",
  oci: "registry.example.com/charts",
};

const ENTERPRISE_API = "https://ghe.example.com/api/v3";

/** Connects a repository; it is tried first, and what the server says stands here, beside what was typed. */
export function ConnectRepository({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [way, setWay] = useState<Way>("https");
  /** Something is written that a slip would lose. */
  const [written, setWritten] = useState(false);
  const narrow = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  return (
    <Drawer opened onClose={onClose} onInput={({ target }) => setWritten(written || !(target instanceof HTMLInputElement && target.type === "radio"))} closeOnEscape={!written} closeOnClickOutside={!written} size="min(600px, 100%)" title={t("repos.connect.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
      <FocusBack />
      <SegmentedControl fullWidth className="ways-to-connect" orientation={narrow ? "vertical" : "horizontal"} aria-label={t("repos.way")} value={way} onChange={(value) => setWay(WAYS.find((one) => one === value) ?? "https")} data={WAYS.map((value) => ({ value, label: t(`repos.way.${value}`) }))} />
      <ConnectForm key={way} way={way} onClose={onClose} />
    </Drawer>
  );
}

function ConnectForm({ way, onClose }: { way: Way; onClose: () => void }) {
  const t = useText();
  const { connect, saveTemplate } = useRepositoryChanges();
  const { busy, error, submit } = useSubmit();
  const [project, setProject] = useState("");
  const [url, setUrl] = useState("");
  const projects = useProjectNames();
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    form.set("project", project);
    const asTemplate = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value") === "template";
    if (await submit(() => (asTemplate ? saveTemplate(templateFrom(way, form)) : connect(repositoryFrom(way, form))))) onClose();
  };
  const named = way === "helm" || way === "oci";
  const http = way !== "ssh";
  const signsIn = http && way !== "githubApp";
  return (
    <form onSubmit={onSubmit} className="form">
      <TextInput name="repo" label={t(named ? "repos.url.charts" : "repos.url")} placeholder={EXAMPLES[way]} value={url} onChange={(event) => setUrl(event.currentTarget.value)} required data-autofocus autoComplete="off" />
      {signsIn && <TextInput name="username" label={t("repos.username")} autoComplete="off" />}
      {signsIn && <PasswordInput name="password" label={t("repos.password")} autoComplete="new-password" visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }} />}
      {way === "ssh" && <PemField name="sshPrivateKey" words="repos.sshKey" about="repos.sshKey.about" />}
      {way === "githubApp" && <GithubAppFields />}
      <TextInput name="name" label={t(named ? "repos.nameNeeded" : "repos.name")} required={named} autoComplete="off" />
      <Autocomplete label={t("repos.project")} data={projects} value={project} onChange={setProject} />
      <Checkbox name="insecure" label={t(way === "ssh" ? "repos.insecureHost" : "repos.insecure")} />
      <details className="more-fields">
        <summary>{t("repos.more")}</summary>
        <div className="form">
          {way === "https" && <TextInput name="bearerToken" label={t("repos.bearer")} description={t("repos.bearer.about")} autoComplete="off" />}
          {way === "https" && <Checkbox name="forceHttpBasicAuth" label={t("repos.basicAuth")} />}
          {http && <PemField name="tlsClientCertData" words="repos.tlsCert" />}
          {http && <PemField name="tlsClientCertKey" words="repos.tlsKey" />}
          {http && <TextInput name="proxy" label={t("repos.proxy")} autoComplete="off" />}
          {http && <TextInput name="noProxy" label={t("repos.noProxy")} autoComplete="off" />}
          {!named && <Checkbox disabled label={t("repos.lfs")} description={t("repos.lfs.notYet")} />}
        </div>
      </details>
      <ErrorNotice error={error} />
      <div className="submit">
        <ActionButton type="submit" size="sm" loading={busy} needs={url.trim() === "" ? permission("repositories", "create") : repositoryPermission("create", { repo: url.trim(), project })}>
          {t("repos.connect.submit")}
        </ActionButton>
        <ActionButton type="submit" name="as" value="template" variant="default" size="sm" disabled={busy} needs={url.trim() === "" ? permission("repositories", "create") : permission("repositories", "create", url.trim())}>
          {t("repos.connect.template")}
        </ActionButton>
        <Button variant="default" size="sm" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
      <small>{t("repos.connect.about")}</small>
    </form>
  );
}

/** Argo CD's fields of a GitHub App. */
function GithubAppFields() {
  const t = useText();
  const number = { inputMode: "numeric", pattern: "\\s*[0-9]+\\s*", title: t("repos.githubApp.number"), autoComplete: "off" } as const;
  return (
    <>
      <TextInput name="githubAppID" label={t("repos.githubApp.id")} required {...number} />
      <TextInput name="githubAppInstallationID" label={t("repos.githubApp.installation")} description={t("repos.githubApp.installation.about")} {...number} />
      <PemField name="githubAppPrivateKey" words="repos.githubApp.key" required />
      <TextInput name="githubAppEnterpriseBaseUrl" type="url" label={t("repos.githubApp.enterprise")} placeholder={ENTERPRISE_API} autoComplete="off" />
    </>
  );
}

function PemField({ name, words, about, required = false }: { name: string; words: TextKey; about?: TextKey; required?: boolean }) {
  const t = useText();
  return <Textarea name={name} label={t(words)} description={about && t(about)} required={required} rows={4} spellCheck={false} autoComplete="off" className="pem" />;
}
