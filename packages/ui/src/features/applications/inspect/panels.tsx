import { Button, Drawer } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Ago } from "../../../components/ago.tsx";
import { SPACE } from "../../../components/code/shown.tsx";
import { FocusBack } from "../../../components/focus-back.tsx";
import { onDemand, type OnDemand } from "../../../components/on-demand.tsx";
import { useKeys } from "../../../components/use-keys.ts";
import { useText } from "../../../i18n/text.tsx";
import { Link, setParameters, useRoute } from "../../../navigation.tsx";
import "../../../styles/inspect.css";
import type { Progress } from "../details/operation/progress.ts";
import type { Tree } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { isOwnNode, NO_PANEL, panelOf, PANEL_KEYS, PANELS, type PanelName } from "./panel-name.ts";

export interface PanelProps {
  of: ApplicationName;
  app: Application;
  tree: Tree | undefined;
  progress: Progress;
  /** Called with true while there is something typed that closing would lose. */
  onHold: (holding: boolean) => void;
}

const SHOWN: Record<PanelName, OnDemand<PanelProps>> = {
  diff: onDemand(() => import("./differences/panel.tsx"), SPACE),
  operation: onDemand(() => import("./operation/panel.tsx"), SPACE),
  history: onDemand(() => import("./history/panel.tsx"), SPACE),
  parameters: onDemand(() => import("./parameters/panel.tsx"), SPACE),
  details: onDemand(() => import("./settings/panel.tsx"), SPACE),
  manifest: onDemand(() => import("./settings/manifest-panel.tsx"), SPACE),
  events: onDemand(() => import("./settings/events-panel.tsx"), SPACE),
};
const ResourceDrawer = onDemand(() => import("./resource/drawer.tsx"));
const DeleteDialog = onDemand(() => import("./deletion/dialog.tsx"));

interface Props {
  of: ApplicationName;
  app: Application;
  /** It is not there any more; what is shown is the last that was known. */
  deleted: boolean;
  tree: Tree | undefined;
  /** Of the operation under way, or of the last one. */
  progress: Progress;
}

/** What can be looked at and done beside the page: a panel of the application, or one of its objects, as the address says. */
export function Panels({ of, app, deleted, tree, progress }: Props) {
  const t = useText();
  const { parameters } = useRoute();
  const [holding, setHolding] = useState(false);
  const own = `argoproj.io/Application/${app.metadata.namespace}/${app.metadata.name}`;
  const panel = panelOf(parameters, own);
  const node = parameters.get("node");
  const Shown = panel === undefined ? undefined : SHOWN[panel];
  const close = (): void => setParameters(NO_PANEL);
  return (
    <>
      {Shown !== undefined && panel !== undefined && (
        <Drawer opened onClose={close} size="min(1080px, 100%)" closeOnEscape={!holding} closeOnClickOutside={!holding} title={t(`panel.${panel}.of`, { name: of.name })} closeButtonProps={{ "aria-label": t("action.close") }} classNames={{ body: "drawer-body", content: "drawer-content" }}>
          <FocusBack />
          <Shown of={of} app={app} tree={tree} progress={progress} onHold={setHolding} />
        </Drawer>
      )}
      {node !== null && !isOwnNode(node, own) && <ResourceDrawer of={of} app={app} tree={tree} selected={node} onClose={close} />}
      {parameters.has("delete") && <DeleteDialog of={of} app={app} deleted={deleted} tree={tree} onClose={() => setParameters({ delete: undefined })} />}
    </>
  );
}

/** An application that is being deleted says so, and leads to how far that is. */
export function DeletionNotice({ app, deleted }: Pick<Props, "app" | "deleted">) {
  const t = useText();
  if (deleted || app.metadata.deletionTimestamp === undefined) return null;
  return (
    <p className="notice" role="status">
      {t("delete.underWay")} <Ago time={app.metadata.deletionTimestamp} />{" "}
      <Button variant="subtle" onClick={() => setParameters({ delete: "true" })}>
        {t("delete.seeProgress")}
      </Button>
    </p>
  );
}

/** The ways to the panels. */
export function PanelLinks() {
  const t = useText();
  const { route, parameters } = useRoute();
  useKeys(Object.fromEntries(Object.entries(PANEL_KEYS).map(([panel, key]) => [key, () => setParameters({ ...NO_PANEL, panel })])));
  const query = (panel: PanelName): string => {
    const changed = new URLSearchParams(parameters);
    changed.set("panel", panel);
    return `?${changed}`;
  };
  return (
    <nav className="panel-links" aria-label={t("panel.links")}>
      {PANELS.map((panel) => route.page === "application" && (
        <Link key={panel} to={route} query={query(panel)} aria-keyshortcuts={PANEL_KEYS[panel]}>
          {t(`panel.${panel}`)}
        </Link>
      ))}
    </nav>
  );
}
