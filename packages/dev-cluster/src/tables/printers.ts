import type { KubeObject } from "@trireme/api";
import { age, humanDuration } from "./age.ts";
import { AGE, column, count, labelSelectorText, labelsText, NAME, wide, type Column } from "./column.ts";
import { configPrinters } from "./config-printers.ts";
import { networkPrinters } from "./network-printers.ts";
import { nodePrinters } from "./node-printers.ts";
import { podStatus } from "./pod-status.ts";

type Cell = Column["cell"];

/** Names and images of containers, and the selector: the wide part of every workload. */
function workloadColumns(template: (object: KubeObject) => any, selector?: (object: KubeObject) => any): Column[] {
  const containers = (object: KubeObject): any[] => template(object)?.spec?.containers ?? [];
  return [
    wide("Containers", (object) => containers(object).map(({ name }) => name).join(",")),
    wide("Images", (object) => containers(object).map(({ image }) => image).join(",")),
    ...(selector ? [wide("Selector", (object) => labelSelectorText(selector(object)))] : []),
  ];
}

const template = (object: KubeObject): any => object.spec?.template;
const selector = (object: KubeObject): any => object.spec?.selector;
const pod = (read: (status: ReturnType<typeof podStatus>) => unknown): Cell => (object, now) => read(podStatus(object, now));
const none = (text: unknown): unknown => (text === undefined || text === "" ? "<none>" : text);

const replicaColumns: Column[] = [count("Desired", ({ spec }) => spec?.replicas ?? 0), count("Current", ({ status }) => status?.replicas ?? 0), count("Ready", ({ status }) => status?.readyReplicas ?? 0), AGE];

/** Printer columns of built-in kinds, by bucket. */
export const PRINTERS: Readonly<Record<string, readonly Column[]>> = {
  ...configPrinters(),
  ...networkPrinters(),
  ...nodePrinters(),
  pods: [
    NAME,
    column("Ready", pod(({ ready, total }) => `${ready}/${total}`)),
    column("Status", pod(({ reason }) => reason)),
    column("Restarts", pod(({ restarts }) => restarts)),
    AGE,
    wide("IP", ({ status }) => none(status?.podIPs?.[0]?.ip ?? status?.podIP)),
    wide("Node", ({ spec }) => none(spec?.nodeName)),
    wide("Nominated Node", ({ status }) => none(status?.nominatedNodeName)),
    wide("Readiness Gates", readinessGates),
  ],
  podtemplates: [NAME, column("Containers", ({ template: one }) => names(one, "name")), column("Images", ({ template: one }) => names(one, "image")), column("Pod Labels", ({ template: one }) => labelsText(one?.metadata?.labels))],
  replicationcontrollers: [NAME, ...replicaColumns, ...workloadColumns(template), wide("Selector", (object) => labelsText(object.spec?.selector))],
  "replicasets.apps": [NAME, ...replicaColumns, ...workloadColumns(template, selector)],
  "deployments.apps": [
    NAME,
    column("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    column("Up-to-date", ({ status }) => status?.updatedReplicas ?? 0),
    column("Available", ({ status }) => status?.availableReplicas ?? 0),
    AGE,
    ...workloadColumns(template, selector),
  ],
  "daemonsets.apps": [
    NAME,
    count("Desired", ({ status }) => status?.desiredNumberScheduled ?? 0),
    count("Current", ({ status }) => status?.currentNumberScheduled ?? 0),
    count("Ready", ({ status }) => status?.numberReady ?? 0),
    count("Up-to-date", ({ status }) => status?.updatedNumberScheduled ?? 0),
    count("Available", ({ status }) => status?.numberAvailable ?? 0),
    column("Node Selector", ({ spec }) => labelsText(spec?.template?.spec?.nodeSelector)),
    AGE,
    ...workloadColumns(template, selector),
  ],
  "statefulsets.apps": [NAME, column("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`), AGE, ...workloadColumns(template)],
  "controllerrevisions.apps": [
    NAME,
    column("Controller", ({ metadata }) => {
      const owner = metadata.ownerReferences?.find((one) => one.controller);
      if (!owner) return "<none>";
      const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
      return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
    }),
    column("Revision", ({ revision }) => revision ?? 0),
    AGE,
  ],
  "jobs.batch": [NAME, column("Status", jobStatus), column("Completions", completions), column("Duration", jobDuration), AGE, ...workloadColumns(template, selector)],
  "cronjobs.batch": [
    NAME,
    column("Schedule", ({ spec }) => spec?.schedule),
    column("Timezone", ({ spec }) => none(spec?.timeZone)),
    column("Suspend", ({ spec }) => (spec?.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False"), { type: "boolean" }),
    count("Active", ({ status }) => status?.active?.length ?? 0),
    column("Last Schedule", ({ status }, now) => (status?.lastScheduleTime ? age(status.lastScheduleTime, now) : "<none>")),
    AGE,
    ...workloadColumns((object) => object.spec?.jobTemplate?.spec?.template, (object) => object.spec?.jobTemplate?.spec?.selector),
  ],
};

function names(one: any, field: string): string {
  return (one?.spec?.containers ?? []).map((container: any) => container[field]).join(",");
}

function readinessGates({ spec, status }: KubeObject): string {
  const gates: any[] = spec?.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const met = gates.filter(({ conditionType }) => (status?.conditions ?? []).some((one: any) => one.type === conditionType && one.status === "True"));
  return `${met.length}/${gates.length}`;
}

function jobStatus({ metadata, status }: KubeObject): string {
  const has = (type: string): boolean => (status?.conditions ?? []).some((one: any) => one.type === type && one.status === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (metadata.deletionTimestamp) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(has) ?? "Running";
}

function completions({ spec, status }: KubeObject): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  return (spec?.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`;
}

function jobDuration({ status }: KubeObject, now: number): string {
  if (!status?.startTime) return "";
  return humanDuration((status.completionTime ? Date.parse(status.completionTime) : now) - Date.parse(status.startTime));
}
