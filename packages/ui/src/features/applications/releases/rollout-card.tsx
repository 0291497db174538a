import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Status } from "../../../components/status.tsx";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import { setParameters } from "../../../navigation.tsx";
import type { RolloutRelease } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { RolloutActions } from "./actions.tsx";
import { AnalysisRun } from "./analysis/run.tsx";
import { Lanes } from "./picture/lanes.tsx";
import { Steps } from "./picture/steps.tsx";
import { WaitingFor } from "./waiting.tsx";

const SHOWN_RUNS = 2;

interface Props {
  of: ApplicationName;
  app: Application;
  rollout: RolloutRelease;
  /** What stopped the release is what the reader wants to see. */
  isTakenBack: boolean;
}

/** One Rollout as a picture: its steps, its sets with what leads to them, what it waits for, what was measured, and what can be done. */
export function RolloutCard({ of, app, rollout, isTakenBack }: Props) {
  const t = useText();
  const [all, setAll] = useState(false);
  const { namespace, name, strategy = "", phase } = rollout;
  const analyses = rollout.analyses ?? [];
  const shown = all ? analyses : analyses.slice(0, SHOWN_RUNS);
  const strategyKey = `strategy.${strategy}`;
  return (
    <article className="rollout" data-rollout={name}>
      <header>
        <h3>
          <UnstyledButton className="link" onClick={() => setParameters({ node: `argoproj.io/Rollout/${namespace}/${name}` })}>
            {name}
          </UnstyledButton>
        </h3>
        <small>{isTextKey(strategyKey) ? t(strategyKey) : strategy}</small>
        <Status value={phase} />
      </header>
      <WaitingFor rollout={rollout} />
      <Steps rollout={rollout} />
      <Lanes rollout={rollout} />
      {shown.map((analysis) => (
        <AnalysisRun key={analysis.name} analysis={analysis} namespace={namespace} />
      ))}
      {analyses.length > SHOWN_RUNS && (
        <UnstyledButton className="link more-runs" onClick={() => setAll(!all)}>
          {all ? t("why.fewer") : t("analysis.more", { count: analyses.length - SHOWN_RUNS })}
        </UnstyledButton>
      )}
      {rollout.stoppedBy && (
        <details className="stopped" open={isTakenBack}>
          <summary>{t("analysis.stopped")}</summary>
          <AnalysisRun analysis={rollout.stoppedBy} namespace={namespace} />
        </details>
      )}
      <RolloutActions of={of} app={app} rollout={rollout} />
    </article>
  );
}
