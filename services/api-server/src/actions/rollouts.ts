import { rfc3339 } from "@trireme/runtime";
import { withSpec, withStatus, type ResourceAction } from "./action.ts";

/** What Argo CD 3.5 offers for Rollouts: names, what is disabled when, and which fields change (its `resource_customizations/argoproj.io/Rollout/actions`). */
export const ROLLOUT_ACTIONS: readonly ResourceAction[] = [
  { name: "abort", disabled: (rollout) => isPromoted(rollout) || isAborted(rollout), run: (rollout) => withStatus(rollout, { abort: true }) },
  { name: "pause", disabled: (rollout) => isPromoted(rollout) || isAborted(rollout) || rollout.spec?.paused === true, run: (rollout) => withSpec(rollout, { paused: true }) },
  {
    name: "promote-full",
    disabled: (rollout) => isPromoted(rollout) || (!countsGenerations(rollout) && rollout.spec?.strategy?.blueGreen !== undefined),
    run: (rollout) => withStatus(rollout, countsGenerations(rollout) ? { promoteFull: true } : { abort: undefined, ...(stepsOf(rollout) !== undefined && { currentStepIndex: stepsOf(rollout)!.length }) }),
  },
  { name: "restart", displayName: "Restart Pods", run: (rollout, { now }) => withSpec(rollout, { restartAt: rfc3339(now) }) },
  {
    name: "resume",
    disabled: (rollout) => !(Array.isArray(rollout.status?.pauseConditions) ? rollout.status.pauseConditions.length > 0 : rollout.spec?.paused === true),
    // That controllerPause stays is how the controller tells that a person resumed.
    run(rollout) {
      const { pauseConditions: _, ...status } = rollout.status ?? {};
      return { patch: { ...rollout, status, ...(rollout.spec?.paused === true && { spec: { ...rollout.spec, paused: false } }) } };
    },
  },
  { name: "retry", disabled: (rollout) => isPromoted(rollout) || !isAborted(rollout), run: (rollout) => withStatus(rollout, { abort: undefined }) },
  {
    name: "skip-current-step",
    disabled: (rollout) => stepsOf(rollout) === undefined || rollout.status?.currentStepIndex === stepsOf(rollout)!.length,
    run(rollout) {
      const index: number = rollout.status?.currentStepIndex ?? 0;
      return index < (stepsOf(rollout)?.length ?? 0) ? withStatus(rollout, { pauseConditions: undefined, currentStepIndex: index + 1 }) : { patch: rollout };
    },
  },
];

export const ANALYSIS_RUN_ACTIONS: readonly ResourceAction[] = [
  { name: "terminate", disabled: (run) => run.spec?.terminate === true || ["Successful", "Failed", "Error", "Inconclusive"].includes(run.status?.phase), run: (run) => withSpec(run, { terminate: true }) },
];

const isPromoted = (rollout: any): boolean => rollout.status?.currentPodHash === rollout.status?.stableRS;
const isAborted = (rollout: any): boolean => rollout.status?.abort === true;
const stepsOf = (rollout: any): unknown[] | undefined => rollout.spec?.strategy?.canary?.steps;

/** Controllers before 0.10 wrote a hash for the observed generation, and knew no full promotion. */
function countsGenerations(rollout: any): boolean {
  const text = String(rollout.status?.observedGeneration ?? "");
  return /^\d+$/.test(text) && Number(text) <= (rollout.metadata.generation ?? 0);
}
