import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { Ago } from "../../../components/ago.tsx";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import { setParameters } from "../../../navigation.tsx";
import type { RolloutRelease } from "../details/types.ts";

const GROUPS: Record<string, string> = { AnalysisRun: "argoproj.io", ReplicaSet: "apps", Service: "" };
/** Where the message says what the reason cannot. */
const TOLD = new Set(["InvalidSpec", "RolloutAborted", "ProgressDeadlineExceeded", "AnalysisInconclusive"]);
const BAD = new Set(["InvalidSpec", "RolloutAborted", "ProgressDeadlineExceeded"]);

/** What a release waits for, since when and until when, in a sentence; nothing where it waits for nothing. */
export function WaitingFor({ rollout }: { rollout: RolloutRelease }): ReactNode {
  const t = useText();
  const { waitingFor, phase, message, namespace } = rollout;
  if (!waitingFor?.reason) return phase !== "Healthy" && message ? <p className="waiting">{message}</p> : null;
  const { reason, since, until, blocker } = waitingFor;
  const key = until ? `waiting.${reason}.until` : `waiting.${reason}`;
  const set = rollout.sets?.find((one) => one.name === blocker?.name);
  const node = blocker?.kind && blocker.name && blocker.kind in GROUPS ? `${GROUPS[blocker.kind]}/${blocker.kind}/${namespace}/${blocker.name}` : undefined;
  return (
    <div className={`waiting ${BAD.has(reason) ? "bad" : ""}`} data-waiting={reason}>
      <p>
        <strong>{isTextKey(key) ? t(key, { available: set?.available ?? 0, desired: set?.desired ?? 0 }) : waitingFor.message}</strong>{" "}
        {until ? (
          <>
            {t("releases.until")} <Ago time={until} />
          </>
        ) : (
          since && (
            <>
              {t("releases.since")} <Ago time={since} />
            </>
          )
        )}{" "}
        {node !== undefined && (
          <UnstyledButton className="link" onClick={() => setParameters({ node })}>
            {blocker!.name}
          </UnstyledButton>
        )}
      </p>
      {TOLD.has(reason) && isTextKey(key) && waitingFor.message && <p>{waitingFor.message}</p>}
    </div>
  );
}
