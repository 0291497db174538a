import type { KubeObject } from "@trireme/api";
import { rfc3339 } from "@trireme/runtime";
import { invalid } from "../errors.ts";

/** Something that a person may have done to a live object with one click. */
export interface ResourceAction {
  name: string;
  iconClass: string;
  params?: { name: string; type?: string; default?: string }[];
  /** Absent: always possible. */
  disabled?: (object: KubeObject) => boolean;
  run(object: any, input: { now: number; parameters: Record<string, string> }): ActionResult;
}

/** The object as it should be, or objects to create. */
export type ActionResult = { patch: KubeObject } | { create: KubeObject[] };

const RESTARTED = "kubectl.kubernetes.io/restartedAt";

const restart: ResourceAction = {
  name: "restart",
  iconClass: "fa fa-fw fa-redo",
  run(object, { now }) {
    const annotations = { ...object.spec?.template?.metadata?.annotations, [RESTARTED]: rfc3339(now) };
    return { patch: { ...object, spec: { ...object.spec, template: { ...object.spec?.template, metadata: { ...object.spec?.template?.metadata, annotations } } } } };
  },
};

const setSpec = (name: string, iconClass: string, field: string, value: unknown, disabled: (object: any) => boolean): ResourceAction => ({ name, iconClass, disabled, run: (object) => ({ patch: { ...object, spec: { ...object.spec, [field]: value } } }) });

const scale: ResourceAction = {
  name: "scale",
  iconClass: "fa fa-fw fa-plus-circle",
  params: [{ name: "replicas" }],
  run(object, { parameters }) {
    const text = parameters["replicas"] ?? "";
    if (!/^\d{1,9}$/.test(text)) throw invalid(`scale: replicas must be a whole number, got ${JSON.stringify(text)}`);
    return { patch: { ...object, spec: { ...object.spec, replicas: Number(text) } } };
  },
};

const pauseDeployment = setSpec("pause", "fa fa-fw fa-pause-circle", "paused", true, (object) => object.spec?.paused === true);
const resumeDeployment = setSpec("resume", "fa fa-fw fa-play-circle", "paused", false, (object) => object.spec?.paused !== true);
const suspend = setSpec("suspend", "fa fa-fw fa-pause-circle", "suspend", true, (object) => object.spec?.suspend === true);
const resume = setSpec("resume", "fa fa-fw fa-play-circle", "suspend", false, (object) => object.spec?.suspend !== true);

const createJob: ResourceAction = {
  name: "create-job",
  iconClass: "fa fa-fw fa-play",
  run(object, { now }) {
    const name = `${String(object.metadata.name).slice(0, 40)}-${rfc3339(now).replace(/[-:TZ]/g, "")}`;
    const { labels, annotations } = object.spec?.jobTemplate?.metadata ?? {};
    const owner = { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name, uid: object.metadata.uid, controller: true, blockOwnerDeletion: true };
    return { create: [{ apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace: object.metadata.namespace, ...(labels && { labels }), annotations: { ...annotations, "cronjob.kubernetes.io/instantiate": "manual" }, ownerReferences: [owner] }, spec: object.spec?.jobTemplate?.spec }] };
  },
};

const terminateJob: ResourceAction = {
  name: "terminate",
  iconClass: "fa fa-fw fa-stop-circle",
  disabled: (object) => (object["status"]?.conditions ?? []).some((condition: any) => (condition.type === "Complete" || condition.type === "Failed") && condition.status === "True"),
  run: (object) => ({ patch: { ...object, spec: { ...object.spec, activeDeadlineSeconds: 1 } } }),
};

const toggleAutoSync: ResourceAction = {
  name: "toggle-auto-sync",
  iconClass: "fa fa-fw fa-sync-alt",
  run(object) {
    const policy = object.spec?.syncPolicy ?? {};
    const on = policy.automated !== undefined && policy.automated !== null && policy.automated.enabled !== false;
    return { patch: { ...object, spec: { ...object.spec, syncPolicy: { ...policy, automated: { ...policy.automated, enabled: !on } } } } };
  },
};

const rolloutPaused = (object: any) => object.spec?.paused === true || (object.status?.pauseConditions ?? []).length > 0;
const rolloutDone = (object: any) => object.status?.currentPodHash !== undefined && object.status.currentPodHash === object.status.stableRS;
const rolloutAborted = (object: any) => object.status?.abort === true;
const setStatus = (name: string, iconClass: string, change: (status: any) => Record<string, unknown>, disabled: (object: any) => boolean): ResourceAction => ({ name, iconClass, disabled, run: (object) => ({ patch: { ...object, status: { ...object.status, ...change(object.status ?? {}) } } }) });

const ROLLOUT: ResourceAction[] = [
  setStatus("abort", "fa fa-fw fa-times-circle", () => ({ abort: true }), (object) => rolloutAborted(object) || rolloutDone(object)),
  setSpec("pause", "fa fa-fw fa-pause-circle", "paused", true, (object) => object.spec?.paused === true),
  setStatus("promote-full", "fa fa-fw fa-forward", () => ({ promoteFull: true }), rolloutDone),
  {
    name: "restart",
    iconClass: "fa fa-fw fa-redo",
    run: (object, { now }) => ({ patch: { ...object, spec: { ...object.spec, restartAt: rfc3339(now) } } }),
  },
  {
    name: "resume",
    iconClass: "fa fa-fw fa-play-circle",
    disabled: (object) => !rolloutPaused(object),
    run(object) {
      const { pauseConditions: _conditions, controllerPause: _pause, ...status } = object.status ?? {};
      return { patch: { ...object, spec: { ...object.spec, ...(object.spec?.paused === true && { paused: false }) }, status } };
    },
  },
  setStatus("retry", "fa fa-fw fa-redo", () => ({ abort: false }), (object) => !rolloutAborted(object)),
  setStatus("skip-current-step", "fa fa-fw fa-step-forward", (status) => ({ currentStepIndex: (status.currentStepIndex ?? 0) + 1 }), (object) => !object.spec?.strategy?.canary?.steps?.length || (object.status?.currentStepIndex ?? 0) >= object.spec.strategy.canary.steps.length),
];

const ACTIONS: Record<string, readonly ResourceAction[]> = {
  "apps/Deployment": [pauseDeployment, restart, resumeDeployment, scale],
  "apps/StatefulSet": [restart, scale],
  "apps/DaemonSet": [restart],
  "batch/CronJob": [createJob, resume, suspend],
  "batch/Job": [resume, suspend, terminateJob],
  "argoproj.io/Application": [toggleAutoSync],
  "argoproj.io/Rollout": ROLLOUT,
  "argoproj.io/AnalysisRun": [setSpec("terminate", "fa fa-fw fa-stop-circle", "terminate", true, (object) => object.spec?.terminate === true)],
};

/** What can be done to objects of a kind. */
export function actionsOf(group: string, kind: string): readonly ResourceAction[] {
  return ACTIONS[`${group}/${kind}`] ?? [];
}
