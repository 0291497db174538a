import type { KubeObject } from "@trireme/api";
import { decodeCustom } from "../crd/decode.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

/** The object as it lies in the store. Kinds of CRDs change only their apiVersion (conversion None). */
export function toStorage(object: KubeObject, type: ResourceType): KubeObject {
  if (object.apiVersion === type.storageVersion) return object;
  if (type.bucket === "events") return { ...eventToCore(object), apiVersion: "v1" };
  if (type.bucket === "horizontalpodautoscalers.autoscaling") return { ...autoscalerToV2(object), apiVersion: type.storageVersion };
  return { ...object, apiVersion: type.storageVersion };
}

/** A stored object in another served version: of a custom kind what that version knows, with its defaults. */
export function toVersion(object: KubeObject, type: ResourceType): KubeObject {
  const apiVersion = apiVersionOf(type);
  if (type.bucket === "events") return { ...eventFromCore(object), apiVersion };
  if (type.bucket === "horizontalpodautoscalers.autoscaling") return { ...autoscalerToV1(object), apiVersion };
  if (type.custom) return { ...decodeCustom(object, type, type.custom, []), metadata: object.metadata, apiVersion } as KubeObject;
  return { ...object, apiVersion };
}

const EVENT_NAMES: readonly [string, string][] = [["involvedObject", "regarding"], ["message", "note"], ["source", "deprecatedSource"], ["firstTimestamp", "deprecatedFirstTimestamp"], ["lastTimestamp", "deprecatedLastTimestamp"], ["count", "deprecatedCount"], ["reportingComponent", "reportingController"]];

function eventToCore(object: KubeObject): KubeObject {
  return { firstTimestamp: null, lastTimestamp: null, source: {}, ...renamed(object, EVENT_NAMES.map(([core, newer]) => [newer, core])), reportingComponent: object["reportingController"] ?? "", reportingInstance: object["reportingInstance"] ?? "" };
}

function eventFromCore(object: KubeObject): KubeObject {
  const { reportingController, reportingInstance, ...rest } = renamed(object, EVENT_NAMES) as KubeObject;
  return { ...rest, ...(reportingController && { reportingController }), ...(reportingInstance && { reportingInstance }) } as KubeObject;
}

function renamed(object: KubeObject, names: readonly (readonly [string, string])[]): KubeObject {
  const to = new Map(names);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [to.get(key) ?? key, value])) as unknown as KubeObject;
}

function autoscalerToV2(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage, ...spec } = object.spec ?? {};
  const { currentCPUUtilizationPercentage, ...status } = object.status ?? {};
  return {
    ...object,
    spec: { ...spec, ...(targetCPUUtilizationPercentage !== undefined && { metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: targetCPUUtilizationPercentage } } }] }) },
    status: { ...status, currentMetrics: currentCPUUtilizationPercentage === undefined ? null : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: currentCPUUtilizationPercentage } } }] },
  };
}

function autoscalerToV1(object: KubeObject): KubeObject {
  const { metrics = [], behavior: _behavior, ...spec } = object.spec ?? {};
  const { currentMetrics, conditions: _conditions, ...status } = object.status ?? {};
  const target = cpuTarget(metrics)?.resource?.target?.averageUtilization;
  const current = cpuTarget(currentMetrics ?? [])?.resource?.current?.averageUtilization;
  return {
    ...object,
    spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: { currentReplicas: 0, desiredReplicas: 0, ...status, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
  };
}

function cpuTarget(metrics: readonly any[]): any {
  return metrics.find((metric) => metric.type === "Resource" && metric.resource?.name === "cpu");
}
