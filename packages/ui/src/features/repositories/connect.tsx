import { Autocomplete, Button, Checkbox, Drawer, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { call } from "../../api/client.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { useText } from "../../i18n/text.tsx";
import { useRepositoryChanges } from "./use-repositories.ts";

const WAYS = ["https", "ssh", "githubApp", "helm", "oci"] as const;
type Way = (typeof WAYS)[number];

/** Connects a repository; it is tried first, and what the server says stands here, beside what was typed. */
export function ConnectRepository({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [way, setWay] = useState<Way>("https");
  const narrow = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  return (
    <Drawer opened onClose={onClose} size="min(560px, 100%)" title={t("repos.connect.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
      <SegmentedControl fullWidth className="ways" orientation={narrow ? "vertical" : "horizontal"} aria-label={t("repos.way")} value={way} onChange={(value) => setWay(WAYS.find((one) => one === value) ?? "https")} data={WAYS.map((value) => ({ value, label: t(`repos.way.${value}`) }))} />
      {way === "https" ? <ViaHttps onClose={onClose} /> : <p className="notice">{t(`repos.notYet.${way}`)}</p>}
    </Drawer>
  );
}

function ViaHttps({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { connect } = useRepositoryChanges();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [project, setProject] = useState("");
  const projects = useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => call<{ items?: { metadata: { name: string } }[] | null }>("GET", "api/v1/projects?fields=items.metadata.name", undefined, signal) });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(undefined);
    try {
      await connect({ type: "git", repo: text("repo"), name: text("name"), project, username: text("username"), password: String(form.get("password") ?? ""), insecure: form.get("insecure") !== null });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} className="form">
      <TextInput name="repo" label={t("repos.url")} placeholder="https://git.example.com/team/shop.git" required data-autofocus autoComplete="off" inputMode="url" />
      <TextInput name="username" label={t("repos.username")} autoComplete="off" />
      <PasswordInput name="password" label={t("repos.password")} autoComplete="new-password" visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }} />
      <TextInput name="name" label={t("repos.name")} autoComplete="off" />
      <Autocomplete label={t("repos.project")} data={(projects.data?.items ?? []).map(({ metadata }) => metadata.name)} value={project} onChange={setProject} />
      <Checkbox name="insecure" label={t("repos.insecure")} />
      <ErrorNotice error={error} />
      <div className="submit">
        <Button type="submit" size="sm" loading={busy}>
          {t("repos.connect.submit")}
        </Button>
        <Button variant="default" size="sm" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}
