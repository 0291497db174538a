import { Button, Menu } from "@mantine/core";
import { isAutomated } from "@trireme/gitops";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import { shortImage } from "../describe.ts";
import type { RolloutRelease } from "../details/types.ts";
import { applicationAddress, type ApplicationName } from "../details/use-application.ts";
import { useResourceObstacle } from "../inspect/resource/permission.ts";

const ACTIONS = ["resume", "promote-full", "skip-current-step", "abort", "retry", "restart"] as const;
type Action = (typeof ACTIONS)[number];
/** What takes traffic from one set to another, or pods away, is asked about once more. */
const ASKED = ["promote-full", "abort", "restart"] as const;

type Asking = { action: (typeof ASKED)[number] } | { revision: string };

/** What can be done with a Rollout now; what makes no sense now is not offered, and what the reader may not do says so. */
export function RolloutActions({ of, app, rollout }: { of: ApplicationName; app: Application; rollout: RolloutRelease }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [asking, setAsking] = useState<Asking>();
  const [running, setRunning] = useState<string>();
  const [error, setError] = useState<unknown>();
  const { namespace, name } = rollout;
  const possible = usePossible(of, rollout);
  const run = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    setAsking(undefined);
    setRunning(id);
    setError(undefined);
    await work().catch(setError);
    setRunning(undefined);
  };
  const act = (action: Action) => run(action, () => call("POST", applicationAddress(of, "/resource/actions/v2"), { name: of.name, appNamespace: of.namespace, ...objectOf(rollout), action }));
  const undo = (revision: string) => run("undo", () => call("POST", applicationAddress(of, "/releases/undo", {}, "api/trireme/v1"), { name: of.name, appNamespace: of.namespace, namespace, rollout: name, revision: Number(revision) }));
  const start = (action: Action): void => {
    const asked = ASKED.find((one) => one === action);
    if (asked === undefined) void act(action);
    else setAsking({ action: asked });
  };
  return (
    <div className="rollout-actions">
      {possible.map((action) => (
        <ActionButton key={action} variant={action === "resume" || action === "retry" ? "filled" : "default"} loading={running === action} needs={applicationPermission(app, `action/argoproj.io/Rollout/${action}`, controlPlane)} onClick={() => start(action)}>
          {t(`rollout.${action}`)}
        </ActionButton>
      ))}
      <Undo app={app} rollout={rollout} busy={running === "undo"} onChoose={(revision) => setAsking({ revision })} />
      {asking !== undefined && (
        <div className="rollout-sure" role="group" aria-label={t("rollout.confirm")}>
          <span>{"action" in asking ? t(`rollout.sure.${asking.action}`, { name }) : t("rollout.sure.undo", { name, revision: asking.revision })}</span>
          <Button autoFocus color={"action" in asking && asking.action === "promote-full" ? "blue" : "red"} onClick={() => void ("action" in asking ? act(asking.action) : undo(asking.revision))}>
            {"action" in asking ? t(`rollout.yes.${asking.action}`) : t("rollout.yes.undo")}
          </Button>
          <Button variant="default" onClick={() => setAsking(undefined)}>
            {t("action.cancel")}
          </Button>
        </div>
      )}
      <ErrorNotice error={error} />
    </div>
  );
}

const objectOf = ({ namespace, name }: RolloutRelease) => ({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace, resourceName: name });

/** What the server offers for the Rollout as it stands, less what another button does better. */
function usePossible(of: ApplicationName, rollout: RolloutRelease): Action[] {
  const { namespace, name, phase, aborted = false, step, waitingFor, currentRevision } = rollout;
  const { data } = useQuery({
    queryKey: ["application", of.namespace, of.name, "actions", namespace, name, phase, aborted, step?.number, waitingFor?.reason, currentRevision],
    queryFn: ({ signal }) => call<{ actions?: { name: string; disabled?: boolean }[] | null }>("GET", applicationAddress(of, "/resource/actions", objectOf(rollout)), undefined, signal),
    placeholderData: (before) => before,
  });
  const offered = ACTIONS.filter((action) => data?.actions?.some((one) => one.name === action && one.disabled !== true));
  // At a pause, to promote is to skip it; what was aborted is tried again first.
  return offered.filter((action) => (action !== "skip-current-step" || (!offered.includes("resume") && !aborted)) && (action !== "promote-full" || !aborted));
}

/** Back to an earlier revision, by choice. */
function Undo({ app, rollout, busy, onChoose }: { app: Application; rollout: RolloutRelease; busy: boolean; onChoose: (revision: string) => void }) {
  const t = useText();
  const obstacle = useResourceObstacle(app, "update", { group: "argoproj.io", kind: "Rollout", namespace: rollout.namespace, name: rollout.name, node: undefined, declared: undefined });
  const { syncPolicy } = app.spec;
  const healed = isAutomated(syncPolicy) && syncPolicy?.automated?.selfHeal === true;
  const earlier = (rollout.sets ?? []).filter((set) => set.revision !== undefined && set.revision !== rollout.currentRevision);
  if (earlier.length === 0) return null;
  const blocked = obstacle ?? (healed ? t("rollout.undo.selfHeal") : undefined);
  if (blocked !== undefined) return <ActionButton variant="default" blocked={blocked}>{t("rollout.undo")}</ActionButton>;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" loading={busy}>
          {t("rollout.undo")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {earlier.map(({ name, revision = "", images }) => (
          <Menu.Item key={name} onClick={() => onChoose(revision)}>
            {t("releases.revision", { revision })} <small>{(images ?? []).map(shortImage).join(", ")}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
