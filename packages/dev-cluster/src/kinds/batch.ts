import { randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { invalidValue, notSupported, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import type { Cause } from "../server/status-error.ts";
import { defaultPodSpec } from "./pod-spec.ts";
import type { Strategy } from "./strategy.ts";
import { IMMUTABLE, templateCauses } from "./workloads.ts";

const CONTROLLER_UID = "controller-uid";
const JOB_NAME = "job-name";
const PREFIX = "batch.kubernetes.io/";
const MAX_CRON_NAME = 52;

export const jobStrategy: Strategy = {
  generation: true,
  orphansByDefault: true,
  defaults(object) {
    defaultJobSpec((object.spec ??= {}));
    const { labels } = object.spec.template.metadata;
    // One map, as in the server: what creation adds to the template's labels is the job's too.
    if (labels && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = labels;
  },
  prepareCreate(object) {
    object.status = {};
    if (object.spec.manualSelector === true) return;
    const uid = object.metadata.uid ?? randomUUID();
    const template = (object.spec.template.metadata ??= {});
    const shared = Object.keys(object.metadata.labels ?? {}).length === 0 || object.metadata.labels === template.labels;
    template.labels = { ...template.labels, [PREFIX + CONTROLLER_UID]: uid, [PREFIX + JOB_NAME]: object.metadata.name, [CONTROLLER_UID]: uid, [JOB_NAME]: object.metadata.name };
    if (shared) object.metadata.labels = { ...template.labels };
    object.spec.selector = { ...object.spec.selector, matchLabels: { ...object.spec.selector?.matchLabels, [PREFIX + CONTROLLER_UID]: uid } };
  },
  validate(object, old) {
    const causes = [...jobSpecCauses(object.spec, "spec")];
    if (!old) return causes;
    for (const field of ["completions", "selector", "completionMode"]) {
      if (!sameJson(object.spec[field], old.spec[field])) causes.push(invalidValue(`spec.${field}`, object.spec[field] ?? null, IMMUTABLE));
    }
    const template = (job: KubeObject): unknown => {
      const { metadata, spec } = job.spec.template;
      const { nodeSelector: _a, tolerations: _b, schedulingGates: _c, ...rest } = spec;
      return old.spec.suspend ? { labels: metadata?.labels && undefined, rest } : { metadata, spec };
    };
    if (!sameJson(template(object), template(old))) causes.push(invalidValue("spec.template", object.spec.template, IMMUTABLE));
    return causes;
  },
};

export const cronJobStrategy: Strategy = {
  generation: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.concurrencyPolicy ||= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    spec.jobTemplate ??= {};
    spec.jobTemplate.metadata ??= {};
    if (spec.jobTemplate.spec?.template?.spec) defaultPodSpec(spec.jobTemplate.spec.template.spec);
  },
  prepareCreate(object) {
    object.status = {};
  },
  validate(object) {
    const causes: Cause[] = [];
    if ((object.metadata.name ?? "").length > MAX_CRON_NAME) causes.push(invalidValue("metadata.name", object.metadata.name, `must be no more than ${MAX_CRON_NAME} characters`));
    const { schedule, concurrencyPolicy, jobTemplate } = object.spec;
    if (!schedule) causes.push(required("spec.schedule"));
    else if (!isSchedule(schedule)) causes.push(invalidValue("spec.schedule", schedule, `expected exactly 5 fields, found ${schedule.trim().split(/\s+/).length}: [${schedule.trim().split(/\s+/).join(" ")}]`));
    if (!["Allow", "Forbid", "Replace"].includes(concurrencyPolicy)) causes.push(notSupported("spec.concurrencyPolicy", concurrencyPolicy, ["Allow", "Forbid", "Replace"]));
    return [...causes, ...jobSpecCauses({ ...jobTemplate.spec, template: jobTemplate.spec?.template ?? { spec: {} } }, "spec.jobTemplate.spec")];
  },
};

function defaultJobSpec(spec: Record<string, any>): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex !== undefined ? 2 ** 31 - 1 : 6;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  spec.template ??= {};
  spec.template.metadata ??= {};
  defaultPodSpec((spec.template.spec ??= {}));
}

function jobSpecCauses(spec: Record<string, any>, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const field of ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"]) if (spec[field] < 0) causes.push(invalidValue(`${path}.${field}`, spec[field], "must be greater than or equal to 0"));
  const { restartPolicy } = spec.template.spec ?? {};
  if (restartPolicy === "Always" || restartPolicy === undefined) causes.push({ reason: "FieldValueRequired", message: `Required value: valid values: "OnFailure", "Never"`, field: `${path}.template.spec.restartPolicy` });
  return [...templateCauses(spec, ["OnFailure", "Never", "Always"], `${path}.template`), ...causes];
}

function isSchedule(text: string): boolean {
  if (text.startsWith("@")) return /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/.test(text);
  const fields = text.replace(/^(CRON_)?TZ=\S+\s+/, "").trim().split(/\s+/);
  return fields.length === 5 && fields.every((field) => /^[0-9A-Za-z*/,?\-]+$/.test(field));
}
