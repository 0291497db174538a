import { rfc3339 } from "@trireme/runtime";
import { invalid } from "../errors.ts";
import { withSpec, withStatus, type ResourceAction } from "./action.ts";

const RESTARTED = "kubectl.kubernetes.io/restartedAt";

const restart: ResourceAction = {
  name: "restart",
  iconClass: "fa fa-fw fa-redo",
  run(object, { now }) {
    const annotations = { ...object.spec?.template?.metadata?.annotations, [RESTARTED]: rfc3339(now) };
    return withSpec(object, { template: { ...object.spec?.template, metadata: { ...object.spec?.template?.metadata, annotations } } });
  },
};

const scale: ResourceAction = {
  name: "scale",
  iconClass: "fa fa-fw fa-plus-circle",
  params: [{ name: "replicas" }],
  run(object, { parameters }) {
    const text = parameters["replicas"] ?? "";
    if (!/^\d{1,9}$/.test(text)) throw invalid(`scale: replicas must be a whole number, got ${JSON.stringify(text)}`);
    return withSpec(object, { replicas: Number(text) });
  },
};

export const DEPLOYMENT_ACTIONS: readonly ResourceAction[] = [
  { name: "pause", iconClass: "fa fa-fw fa-pause-circle", disabled: (object) => object.spec?.paused === true, run: (object) => withSpec(object, { paused: true }) },
  restart,
  { name: "resume", iconClass: "fa fa-fw fa-play-circle", disabled: (object) => object.spec?.paused !== true, run: (object) => withSpec(object, { paused: undefined }) },
  scale,
];
export const STATEFUL_SET_ACTIONS: readonly ResourceAction[] = [restart, scale];
export const DAEMON_SET_ACTIONS: readonly ResourceAction[] = [restart];

export const CRON_JOB_ACTIONS: readonly ResourceAction[] = [
  {
    name: "create-job",
    iconClass: "fa fa-fw fa-plus",
    displayName: "Create Job",
    run(object, { now }) {
      const { labels, annotations } = object.spec?.jobTemplate?.metadata ?? {};
      const owner = { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name, uid: object.metadata.uid, blockOwnerDeletion: true, controller: true };
      const name = `${object.metadata.name}-${minute(now).slice(2)}`;
      return { create: [{ apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace: object.metadata.namespace, ...(labels && { labels }), annotations: { ...annotations, "cronjob.kubernetes.io/instantiate": "manual" }, ownerReferences: [owner] }, spec: object.spec?.jobTemplate?.spec }] };
    },
  },
  { name: "resume", iconClass: "fa fa-fw fa-play", offered: (object) => object.spec?.suspend === true, run: (object) => withSpec(object, { suspend: false }) },
  { name: "suspend", iconClass: "fa fa-fw fa-pause", offered: (object) => object.spec?.suspend !== true, run: (object) => withSpec(object, { suspend: true }) },
];

const JOB_ENDS = ["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet"];
const hasEnded = (job: any): boolean => (job.status?.conditions ?? []).some((condition: any) => JOB_ENDS.includes(condition.type) && condition.status === "True");

export const JOB_ACTIONS: readonly ResourceAction[] = [
  { name: "resume", iconClass: "fa fa-fw fa-play", offered: (job) => !hasEnded(job) && job.spec?.suspend === true, run: (job) => withSpec(job, { suspend: false }) },
  { name: "suspend", iconClass: "fa fa-fw fa-pause", offered: (job) => !hasEnded(job) && job.spec?.suspend !== true, run: (job) => withSpec(job, { suspend: true }) },
  {
    name: "terminate",
    iconClass: "fa fa-fw fa-stop",
    offered: (job) => !hasEnded(job) && job.status !== undefined,
    run(job, { now }) {
      if (hasEnded(job) || job.status === undefined) return { patch: job };
      const condition = { lastTransitionTime: rfc3339(now), message: "Job was terminated explicitly through Argo CD", reason: "ManuallyTerminated", status: "True", type: "FailureTarget" };
      return withStatus(job, { conditions: [...(job.status.conditions ?? []), condition] });
    },
  },
];

/** `202601020304`, in UTC. */
export function minute(now: number): string {
  return rfc3339(now).replace(/[-:TZ]/g, "").slice(0, 12);
}
