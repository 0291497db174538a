import { useText } from "../../../../i18n/text.tsx";
import type { RolloutRelease } from "../../details/types.ts";

type StepState = "done" | "current" | "next" | "aborted";

const SIGNS: Record<StepState, string> = { done: "M4.800 8.200l2.200 2.200 4.200-4.600", current: "", next: "", aborted: "M5.500 5.500l5 5M10.500 5.500l-5 5" };

/** The steps of a canary in a row: what is done, where it is, what is to come. */
export function Steps({ rollout }: { rollout: RolloutRelease }) {
  const t = useText();
  const steps = rollout.steps ?? [];
  const number = rollout.step?.number ?? steps.length + 1;
  if (steps.length === 0) return null;
  // Of what is over, that it is over is enough.
  if (number > steps.length && rollout.phase === "Healthy") return <p className="steps-count">{t("releases.stepsDone", { count: steps.length })}</p>;
  const stateOf = (index: number): StepState => (index + 1 < number ? "done" : index + 1 > number ? "next" : rollout.aborted === true ? "aborted" : "current");
  return (
    <div className="steps">
      <span className="steps-count">{number > steps.length ? t("releases.stepsDone", { count: steps.length }) : t("releases.step", { number, count: steps.length })}</span>
      <ol aria-label={t("releases.steps")}>
        {steps.map(({ description = "" }, index) => {
          const state = stateOf(index);
          return (
            <li key={index} className={`step ${state}`} data-step={state} {...(state === "current" && { "aria-current": "step" })} title={description}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle cx={8} cy={8} r={6.5} />
                {state === "current" ? <circle className="core" cx={8} cy={8} r={3} /> : <path d={SIGNS[state]} />}
              </svg>
              <span>{stepWord(description, t)}</span>
              <span className="hidden-text">{t(`step.${state}`)}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** `setWeight: 20` and `pause: 10m` as people say them; what is rare stays as it is written. */
function stepWord(description: string, t: ReturnType<typeof useText>): string {
  const [kind, value] = description.split(": ");
  if (kind === "setWeight") return `${value} %`;
  if (kind === "pause") return value === undefined ? t("step.wait") : t("step.pause", { time: value });
  if (kind === "analysis") return t("step.analysis");
  return description;
}
