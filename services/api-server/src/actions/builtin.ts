import type { ResourceAction } from "./action.ts";
import { APPLICATION_ACTIONS, CRON_WORKFLOW_ACTIONS, WORKFLOW_TEMPLATE_ACTIONS } from "./argo.ts";
import { ANALYSIS_RUN_ACTIONS, ROLLOUT_ACTIONS } from "./rollouts.ts";
import { CRON_JOB_ACTIONS, DAEMON_SET_ACTIONS, DEPLOYMENT_ACTIONS, JOB_ACTIONS, STATEFUL_SET_ACTIONS } from "./workloads.ts";

const ACTIONS: Record<string, readonly ResourceAction[]> = {
  "apps/Deployment": DEPLOYMENT_ACTIONS,
  "apps/StatefulSet": STATEFUL_SET_ACTIONS,
  "apps/DaemonSet": DAEMON_SET_ACTIONS,
  "batch/CronJob": CRON_JOB_ACTIONS,
  "batch/Job": JOB_ACTIONS,
  "argoproj.io/Application": APPLICATION_ACTIONS,
  "argoproj.io/AnalysisRun": ANALYSIS_RUN_ACTIONS,
  "argoproj.io/CronWorkflow": CRON_WORKFLOW_ACTIONS,
  "argoproj.io/Rollout": ROLLOUT_ACTIONS,
  "argoproj.io/WorkflowTemplate": WORKFLOW_TEMPLATE_ACTIONS,
};

/** What can be done to objects of a kind, by name. */
export function actionsOf(group: string, kind: string): readonly ResourceAction[] {
  return ACTIONS[`${group}/${kind}`] ?? [];
}
