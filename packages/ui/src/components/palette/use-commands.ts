import { useMemo } from "react";
import { call } from "../../api/client.ts";
import { useChoice } from "../../choice.ts";
import { VIEWS } from "../../features/applications/details/views/view.ts";
import { applicationAddress } from "../../features/applications/details/use-application.ts";
import { NO_PANEL, PANELS } from "../../features/applications/inspect/panel-name.ts";
import { useApplications } from "../../features/applications/use-applications.ts";
import { useSession, useSignOut } from "../../features/session/session.ts";
import { LANGUAGES, textIn, useText, type TextKey } from "../../i18n/text.tsx";
import { go, setParameters, useRoute } from "../../navigation.tsx";
import { pathOf, type Route } from "../../routes.ts";
import { SCHEMES } from "../../theme.ts";
import type { Command } from "./find.ts";

const SETTINGS = ["repositories", "certificates", "gpg-keys", "clusters", "projects", "accounts", "appearance"] as const;

/** Everything that can be gone to and done from where one is. */
export function useCommands(): Command[] {
  const t = useText();
  const { route } = useRoute();
  const { data } = useApplications();
  const session = useSession();
  const signOut = useSignOut();
  const [, setScheme] = useChoice("scheme", SCHEMES);
  const [, setLanguage] = useChoice("language", LANGUAGES);
  const general = useMemo(() => {
    const command = (group: string, key: TextKey, run: Command["run"], about?: string): Command => ({ id: key, group, text: t(key), also: `${textIn("en")(key)} ${textIn("ko")(key)}`, run, ...(about !== undefined && { about }) });
    const to = (page: Exclude<Route, { page: "unknown" }>) => (): void => go(pathOf(page));
    return {
      command,
      pages: [command(t("palette.go"), "nav.applications", to({ page: "applications" })), command(t("palette.go"), "nav.settings", to({ page: "settings" })), ...SETTINGS.map((page) => command(t("palette.go"), `settings.${page}`, to({ page }), t(`settings.${page}.about`))), command(t("palette.go"), "userInfo.title", to({ page: "user-info" }))],
      doable: [
        command(t("palette.do"), "help.new", () => go("applications?new=true")),
        command(t("palette.do"), "palette.connect", () => go("settings/repos?addRepo=true")),
        ...SCHEMES.map((scheme) => ({ ...command(t("palette.do"), `scheme.${scheme}`, () => setScheme(scheme)), text: t("palette.scheme", { scheme: t(`scheme.${scheme}`) }) })),
        ...LANGUAGES.map((language) => ({ ...command(t("palette.do"), `language.${language}`, () => setLanguage(language)), text: t("palette.language", { language: t(`language.${language}`) }) })),
        ...(session.data?.loggedIn === true ? [command(t("palette.do"), "shell.signOut", signOut)] : []),
      ],
    };
    // The choices' setters and the way to sign out are new at each turn and always do the same.
  }, [t, session.data?.loggedIn]);
  const { namespace, name } = route.page === "application" ? route : { namespace: "", name: "" };
  const here = useMemo(() => {
    if (name === "") return [];
    const group = t("palette.here", { name });
    const { command } = general;
    const refresh = (refresh: "normal" | "hard") => () => call("GET", applicationAddress({ namespace, name }, "", { refresh }));
    return [
      command(group, "help.sync", () => setParameters({ deploy: "all" })),
      command(group, "help.refresh", refresh("normal")),
      command(group, "app.refreshHard", refresh("hard")),
      ...PANELS.map((panel) => command(group, `panel.${panel}`, () => setParameters({ ...NO_PANEL, panel }))),
      ...VIEWS.map((view) => command(group, `view.${view}`, () => setParameters({ view: view === VIEWS[0] ? undefined : view }), t("views.choose"))),
      command(group, "palette.delete", () => setParameters({ delete: "true" })),
    ];
  }, [t, general, namespace, name]);
  const applications = useMemo(
    () => [...(data?.items.values() ?? [])].map(({ metadata, spec }): Command => ({ id: `${metadata.namespace}/${metadata.name}`, group: t("palette.applications"), text: metadata.name ?? "", about: spec.project || "default", run: () => go(pathOf({ page: "application", namespace: metadata.namespace ?? "", name: metadata.name ?? "" })) })),
    [t, data],
  );
  return useMemo(() => [...here, ...applications, ...general.pages, ...general.doable], [here, applications, general]);
}
