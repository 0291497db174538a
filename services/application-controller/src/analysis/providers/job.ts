import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound, type KubeClient } from "@trireme/kube";
import type { AnalysisRun, Measurement, Metric } from "@trireme/rollouts";
import { AppError, Code } from "@trireme/runtime";
import { JOB, RUN_UID_LABEL } from "../kinds.ts";
import { timeText, type Measuring, type Provider } from "./provider.ts";

const NAME = "job-name";
const NAMESPACE = "job-namespace";
const ANNOTATION = { name: "analysisrun.argoproj.io/name", namespace: "analysisrun.argoproj.io/namespace", metric: "analysisrun.argoproj.io/metric-name" } as const;
/** Kubernetes puts a Job's name into a label of its pods. */
const LONGEST_NAME = 63;

/** A Job that exits with 0 is a success; its name is the measurement's place, so that one place never has two. */
export const jobProvider: Provider = {
  async run(measuring) {
    const { client, now, signal, observe } = measuring;
    const startedAt = timeText(now());
    const wanted = jobOf(measuring);
    const job = await client.create(wanted, { signal }).catch((error: unknown) => adopt(error, wanted, measuring));
    observe(job);
    return { phase: "Running", startedAt, metadata: { [NAME]: job.metadata.name ?? "", [NAMESPACE]: job.metadata.namespace ?? "" } };
  },
  elsewhere: {
    resume(run, measurement, find, now) {
      const { namespace, name } = placeOf(run, measurement);
      if (name === "") return { ...measurement, phase: "Error", message: "job metadata reference missing", finishedAt: timeText(now) };
      const job = find(namespace, name);
      if (job === undefined) return { ...measurement, phase: "Error", message: `job.batch "${name}" not found`, finishedAt: timeText(now) };
      const ended = endOf(job);
      return ended === undefined ? measurement : { ...measurement, phase: ended, finishedAt: timeText(now) };
    },
    async end(run, measurement, client, signal) {
      const { namespace, name } = placeOf(run, measurement);
      if (name !== "") await deleteJob(client, namespace, name, signal);
    },
    async collect(run, kept, jobs, client, signal) {
      const oldestFirst = jobs.filter((job) => job.metadata.deletionTimestamp === undefined).sort((a, b) => (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? ""));
      for (const job of oldestFirst.slice(0, Math.max(0, oldestFirst.length - kept))) await deleteJob(client, job.metadata.namespace ?? "", job.metadata.name ?? "", signal);
    },
  },
};

/** Of a metric's Jobs, those of one run. */
export function jobsOf(run: AnalysisRun, metric: string, jobs: readonly KubeObject[]): KubeObject[] {
  return jobs.filter((job) => job.metadata.labels?.[RUN_UID_LABEL] === run.metadata.uid && job.metadata.annotations?.[ANNOTATION.metric] === metric);
}

function jobOf({ run, metric, index, settings }: Measuring): KubeObject {
  const { metadata, spec } = metric.provider.job!;
  const { name = "", namespace = "", uid = "" } = run.metadata;
  const place = settings.jobNamespace ?? namespace;
  return {
    apiVersion: "batch/v1",
    kind: JOB.kind,
    metadata: {
      name: jobName(uid, metric, index),
      namespace: place,
      labels: { ...metadata?.labels, [RUN_UID_LABEL]: uid },
      annotations: { ...metadata?.annotations, [ANNOTATION.name]: name, [ANNOTATION.namespace]: namespace, [ANNOTATION.metric]: metric.name },
      ...(place === namespace && { ownerReferences: [{ apiVersion: run.apiVersion, kind: run.kind, name, uid, controller: true, blockOwnerDeletion: true }] }),
    },
    spec: { ...spec },
  };
}

/** `<uid>.<metric>.<n>`; where that is too long, the metric's part gives way. */
function jobName(uid: string, { name }: Metric, index: number): string {
  const number = String(index + 1);
  return `${uid}.${name.slice(0, Math.max(0, LONGEST_NAME - uid.length - number.length - 2))}.${number}`;
}

/** A Job that stands there already is this one, begun before, when it is this run's. */
async function adopt(error: unknown, wanted: KubeObject, { client, run, signal }: Measuring): Promise<KubeObject> {
  if (!isAlreadyExists(error)) throw error;
  const { name = "", namespace = "" } = wanted.metadata;
  const existing = await client.get({ ...JOB, namespace, name }, { signal });
  const owner = existing.metadata.ownerReferences?.find((reference) => reference.controller === true)?.uid ?? existing.metadata.labels?.[RUN_UID_LABEL];
  if (owner !== run.metadata.uid) throw new AppError(`jobs.batch "${name}" already exists`, { reason: "MeasurementFailed", code: Code.AlreadyExists, retry: "later" });
  return existing;
}

/** Complete or Failed as far as a condition says so; of both the last. */
function endOf(job: KubeObject): "Successful" | "Failed" | undefined {
  const conditions = (job["status"]?.conditions ?? []) as { type: string; status: string }[];
  const last = conditions.findLast(({ type, status }) => (type === "Complete" || type === "Failed") && status !== "False");
  return last === undefined ? undefined : last.type === "Complete" ? "Successful" : "Failed";
}

function placeOf(run: AnalysisRun, { metadata }: Measurement): { namespace: string; name: string } {
  return { namespace: metadata?.[NAMESPACE] || (run.metadata.namespace ?? ""), name: metadata?.[NAME] ?? "" };
}

async function deleteJob(client: KubeClient, namespace: string, name: string, signal: AbortSignal): Promise<void> {
  await client.delete({ ...JOB, namespace, name }, { propagationPolicy: "Foreground", signal }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
