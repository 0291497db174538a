import type { ReactNode } from "react";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { LiftQuarantine } from "../../releases/lift-quarantine.tsx";
import { objectKey } from "../tree.ts";
import type { ObjectName, WhyReason } from "../types.ts";
import { applicationAddress } from "../use-application.ts";
import type { WhyGroup } from "./groups.ts";
import type { WhyProps } from "./panel.tsx";

/** What a Rollout can be told where it waits for a person. */
const PROMOTED = new Set(["PauseStep", "PauseBeforePromotion", "AnalysisInconclusive", "PausedByPerson"]);

/** The next step as a button; what the reader may not do says which right is missing. */
export function NextSteps({ of, app, tree, releases, onSync, onRefresh, group }: WhyProps & { group: WhyGroup }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const { reason, all } = group;
  const needs = (action: string) => applicationPermission(app, action, controlPlane);
  const sync = (parameters: Record<string, string> = {}): ReactNode => (
    <ActionButton key="sync" variant="light" needs={needs("sync")} onClick={() => onSync(parameters)}>
      {t(parameters["prune"] === "true" ? "why.syncPrune" : "app.sync")}
    </ActionButton>
  );
  const panel = (name: string, words: "why.openDiff" | "why.openOperation" | "why.openHistory" | "why.openDetails"): ReactNode => (
    <ActionButton key={name} variant="default" onClick={() => setParameters({ panel: name })}>
      {t(words)}
    </ActionButton>
  );
  const steps: ReactNode[] = [...aboutObject(reason, all.length === 1 ? t : undefined)];
  const rollout = rolloutOf(reason);
  switch (reason.reason) {
    case "Drifted":
      steps.push(panel("diff", "why.openDiff"), ...(reason.cause === "HeldBack" ? [] : [sync()]));
      break;
    case "Missing":
      if (reason.cause !== "HeldBack") steps.push(sync());
      break;
    case "RequiresPruning":
      if (reason.cause !== "HeldBack") steps.push(sync({ prune: "true" }));
      break;
    case "OperationFailed":
      steps.push(panel("operation", "why.openOperation"), sync());
      break;
    case "OperationRunning":
      steps.push(panel("operation", "why.openOperation"));
      break;
    case "RolledBack":
    case "AutomatedSyncStopped":
      if ((releases?.quarantined ?? []).length > 0) steps.push(<LiftQuarantine key="lift" of={of} app={app} />);
      steps.push(panel("history", "why.openHistory"));
      break;
    case "ReleaseFailed":
      steps.push(panel("history", "why.openHistory"));
      break;
    case "InvalidSpecError":
      steps.push(panel("details", "why.openDetails"));
      break;
    case "Deleting":
      steps.push(
        <ActionButton key="deletion" variant="default" onClick={() => setParameters({ delete: "true" })}>
          {t("delete.seeProgress")}
        </ActionButton>,
      );
      break;
    default:
      if (reason.reason.endsWith("Error"))
        steps.push(
          <ActionButton key="refresh" variant="light" onClick={() => onRefresh("hard")}>
            {t("app.refreshHard")}
          </ActionButton>,
        );
  }
  const missing = tree?.nodes?.every((node) => rollout === undefined || objectKey(node) !== objectKey(rollout)) === true;
  if (rollout !== undefined && !missing && all.length === 1) {
    if (PROMOTED.has(reason.cause ?? "")) steps.unshift(<RolloutAction key="resume" of={of} needs={needs("action/argoproj.io/Rollout/resume")} rollout={rollout} action="resume" />);
    else if (reason.cause === "RolloutAborted") steps.unshift(<RolloutAction key="retry" of={of} needs={needs("action/argoproj.io/Rollout/retry")} rollout={rollout} action="retry" />);
  }
  return steps.length === 0 ? null : <div className="why-next">{steps}</div>;
}

/** The Rollout that a reason is about, itself or through what it waits for. */
function rolloutOf({ object, blocker }: WhyReason): ObjectName | undefined {
  return [object, blocker].find((one): one is ObjectName => one?.kind === "Rollout");
}

/** Ways into the object behind it: its log where it wrote one, else its events. */
function aboutObject({ reason, blocker, logs, cause = "" }: WhyReason, t: ReturnType<typeof useText> | undefined): ReactNode[] {
  if (t === undefined || !blocker || cause === "HeldBack" || ["Missing", "Drifted", "RequiresPruning"].includes(reason)) return [];
  const open = (tab: string, words: "why.openLogs" | "why.openEvents"): ReactNode => (
    <ActionButton key={tab} variant={tab === "logs" ? "light" : "default"} onClick={() => setParameters({ node: objectKey(blocker), tab })}>
      {t(words)}
    </ActionButton>
  );
  if (blocker.kind === "Rollout" || blocker.kind === "AnalysisRun") return [];
  return [...(logs ? [open("logs", "why.openLogs")] : []), open("events", "why.openEvents")];
}

function RolloutAction({ of, needs, rollout, action }: { of: WhyProps["of"]; needs: ReturnType<typeof applicationPermission>; rollout: ObjectName; action: "resume" | "retry" }) {
  const t = useText();
  const { busy, error, submit } = useSubmit();
  const run = () => submit(() => call("POST", applicationAddress(of, "/resource/actions/v2"), { name: of.name, appNamespace: of.namespace, group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: rollout.namespace, resourceName: rollout.name, action }));
  return (
    <>
      <ActionButton loading={busy} needs={needs} onClick={() => void run()}>
        {t(`rollout.${action}`)}
      </ActionButton>
      <ErrorNotice error={error} />
    </>
  );
}
