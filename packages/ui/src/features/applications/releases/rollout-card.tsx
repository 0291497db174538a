import { Ago } from "../../../components/ago.tsx";
import { Status } from "../../../components/status.tsx";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import type { Analysis, ReplicaSet, RolloutRelease } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { RolloutActions } from "./actions.tsx";

/** One Rollout: its sets, the step it is at, what it waits for, what was measured, and what can be done. */
export function RolloutCard({ of, rollout }: { of: ApplicationName; rollout: RolloutRelease }) {
  const t = useText();
  const { name, strategy, phase, message, step, waitingFor } = rollout;
  return (
    <article className="rollout" data-rollout={name}>
      <header>
        <h3>{name}</h3>
        <small>{strategy}</small>
        <Status value={phase} />
      </header>
      {step?.number !== undefined && step.count !== undefined && step.count > 0 && <Steps number={step.number} count={step.count} description={step.description ?? ""} />}
      {waitingFor?.message ? (
        <p className="waiting">
          {waitingFor.message} {waitingFor.until ? <>{t("releases.until")} <Ago time={waitingFor.until} /></> : <Ago time={waitingFor.since} />}
        </p>
      ) : (
        phase !== "Healthy" && message && <p className="waiting">{message}</p>
      )}
      <ul className="sets">
        {(rollout.sets ?? []).map((set) => (
          <Pods key={set.name} set={set} />
        ))}
      </ul>
      {(rollout.analyses ?? []).map((analysis) => (
        <Run key={analysis.name} analysis={analysis} />
      ))}
      <RolloutActions of={of} rollout={rollout} />
    </article>
  );
}

function Steps({ number, count, description }: { number: number; count: number; description: string }) {
  const t = useText();
  const done = number > count;
  return (
    <div className="steps">
      <progress value={number - 1} max={count} aria-label={t("releases.steps")} />
      <span>{done ? t("releases.stepsDone", { count }) : t("releases.step", { number, count })}</span> {!done && <code>{description}</code>}
    </div>
  );
}

/** The pods of one set as dots: ready ones are full. */
function Pods({ set }: { set: ReplicaSet }) {
  const t = useText();
  const { desired = 0, ready = 0 } = set;
  return (
    <li data-set={set.name}>
      <span className="roles">
        {(set.roles ?? []).map((role) => {
          const key = `role.${role}`;
          return (
            <span key={role} className={`role ${role}`}>
              {isTextKey(key) ? t(key) : role}
            </span>
          );
        })}
        {t("releases.revision", { revision: set.revision ?? "?" })}
      </span>
      <span className="pods" role="img" aria-label={t("releases.pods", { ready, desired })}>
        {Array.from({ length: Math.min(desired, 30) }, (_, index) => (
          <i key={index} className={index < ready ? "ready" : ""} />
        ))}
        <small>
          {ready}/{desired}
        </small>
      </span>
      <code className="images">{(set.images ?? []).join(", ")}</code>
      {set.scaleDownAt && (
        <small className="faint">
          {t("releases.scaleDown")} <Ago time={set.scaleDownAt} />
        </small>
      )}
    </li>
  );
}

function Run({ analysis: { name, type, phase, message, failures } }: { analysis: Analysis }) {
  const t = useText();
  return (
    <div className="run" data-run={name}>
      <p>
        <Status value={phase} /> {type} <span className="faint">{name}</span>
      </p>
      {message && <p>{message}</p>}
      {(failures ?? []).length > 0 && (
        <ul className="short-list">
          {failures!.slice(0, 5).map((failure, index) => (
            <li key={index}>
              {t("releases.measured", { metric: failure.metric ?? "", value: failure.value || failure.message || failure.phase || "" })} <Ago time={failure.finishedAt} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
