import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "./api/client.ts";
import { useServerSettings } from "./api/server-settings.ts";
import { Banners } from "./components/banner.tsx";
import { onDemand } from "./components/on-demand.tsx";
import { OwnStyle } from "./components/own-style.tsx";
import { Shell } from "./components/shell.tsx";
import { ApplicationsPage } from "./features/applications/list/page.tsx";
import { SessionOver } from "./features/session/session-over.tsx";
import { useStanding } from "./features/session/session.ts";
import { SignIn } from "./features/session/sign-in.tsx";
import { TextProvider, useText } from "./i18n/text.tsx";
import { go, useRoute } from "./navigation.tsx";
import { pathOf, type Route } from "./routes.ts";
import { theme, useScheme } from "./theme.ts";

const ApplicationPage = onDemand(() => import("./features/applications/details/page.tsx"));
const RepositoriesPage = onDemand(() => import("./features/repositories/page.tsx"));
const SettingsPage = onDemand(() => import("./features/settings/page.tsx"));
const CertificatesPage = onDemand(() => import("./features/settings/certificates.tsx"));
const GpgKeysPage = onDemand(() => import("./features/settings/gpg-keys.tsx"));
const ClustersPage = onDemand(() => import("./features/settings/clusters/list.tsx"));
const ClusterPage = onDemand(() => import("./features/settings/clusters/cluster.tsx"));
const ProjectsPage = onDemand(() => import("./features/settings/projects/list.tsx"));
const ProjectPage = onDemand(() => import("./features/settings/projects/project.tsx"));
const AccountsPage = onDemand(() => import("./features/settings/accounts/list.tsx"));
const AccountPage = onDemand(() => import("./features/settings/accounts/account.tsx"));
const AppearancePage = onDemand(() => import("./features/settings/appearance.tsx"));
const UserInfoPage = onDemand(() => import("./features/settings/user-info.tsx"));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      // What the server refuses it will refuse again; what could not be reached may come back.
      retry: (failures, error) => failures < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
    },
  },
});

export function App() {
  const scheme = useScheme();
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
        <TextProvider>
          <OwnStyle />
          <Banners>
            <Pages />
          </Banners>
        </TextProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}

function Pages() {
  const { route } = useRoute();
  const standing = useStanding();
  const settings = useServerSettings();
  const signIn = route.page === "sign-in";
  // Meanwhile the server says who it is.
  if (route.page === "application") ApplicationPage.preload();
  // Where people may look on without signing in, the settings tell them as much as everybody.
  const mayLookOn = settings.data?.controllerNamespace !== undefined;
  const away = standing.state === "away" && !signIn && !mayLookOn && !settings.isPending;
  useEffect(() => {
    if (away) go(`${pathOf({ page: "sign-in" })}?return=${encodeURIComponent(location.pathname.slice(new URL(document.baseURI).pathname.length) + location.search)}`, { replace: true });
  }, [away]);
  if (signIn) return <SignIn />;
  if (standing.state === "unknown" || (standing.state === "away" && !mayLookOn)) return null;
  const username = "username" in standing ? standing.username : undefined;
  return (
    <>
      {/* Another person begins with a page of their own. */}
      <Shell key={username ?? ""} username={username}>
        <Page route={route} />
      </Shell>
      {standing.state === "over" && <SessionOver username={standing.username} />}
    </>
  );
}

function Page({ route }: { route: Route }) {
  const t = useText();
  switch (route.page) {
    case "applications":
      return <ApplicationsPage />;
    case "application":
      return <ApplicationPage key={`${route.namespace}/${route.name}`} namespace={route.namespace} name={route.name} />;
    case "repositories":
      return <RepositoriesPage />;
    case "settings":
      return <SettingsPage />;
    case "certificates":
      return <CertificatesPage />;
    case "gpg-keys":
      return <GpgKeysPage />;
    case "clusters":
      return <ClustersPage />;
    case "cluster":
      return <ClusterPage key={route.server} server={route.server} />;
    case "projects":
      return <ProjectsPage />;
    case "project":
      return <ProjectPage key={route.name} name={route.name} />;
    case "accounts":
      return <AccountsPage />;
    case "account":
      return <AccountPage key={route.name} name={route.name} />;
    case "appearance":
      return <AppearancePage />;
    case "user-info":
      return <UserInfoPage />;
    case "sign-in":
    case "unknown":
      return <p className="empty">{t("page.unknown")}</p>;
  }
}
