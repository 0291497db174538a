import type { KubeObject } from "@trireme/api";

const SHORTEST = 8;
const LONGER_BY = 4;

/**
 * A Secret with every value replaced by plus signs: equal values are equally long, so that people see
 * what changes without seeing what it is; objects that are masked with the same `masks` can be held against each
 * other. Other objects as they are, but for annotations that the settings call sensitive.
 */
export function maskSecret<T extends KubeObject>(object: T, sensitiveAnnotations: readonly string[] = [], masks = new Map<string, string>()): T {
  const isSecret = object.kind === "Secret" && object.apiVersion === "v1";
  if (!isSecret) return object;
  const mask = (value: unknown) => {
    const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
    let plus = masks.get(text);
    if (plus === undefined) {
      plus = "+".repeat(SHORTEST + LONGER_BY * masks.size);
      masks.set(text, plus);
    }
    return plus;
  };
  const masked: KubeObject = { ...object };
  const { data, stringData } = object as { data?: Record<string, unknown>; stringData?: Record<string, unknown> };
  // Values in plain and in base64 are the same value.
  if (data !== undefined && data !== null) masked["data"] = mapValues(data, mask);
  if (stringData !== undefined && stringData !== null) masked["stringData"] = mapValues(stringData, (value) => mask(typeof value === "string" ? Buffer.from(value).toString("base64") : value));
  const { annotations } = object.metadata;
  if (annotations) {
    const kept: Record<string, string> = {};
    for (const [key, value] of Object.entries(annotations)) {
      if (key === "kubectl.kubernetes.io/last-applied-configuration") kept[key] = maskLastApplied(value, sensitiveAnnotations, mask);
      else kept[key] = sensitiveAnnotations.includes(key) ? mask(value) : value;
    }
    masked.metadata = { ...object.metadata, annotations: kept };
  }
  return masked as T;
}

function maskLastApplied(text: string, sensitive: readonly string[], mask: (value: unknown) => string): string {
  try {
    const object = JSON.parse(text) as { data?: Record<string, unknown>; stringData?: Record<string, unknown>; metadata?: { annotations?: Record<string, string> } };
    if (object.data) object.data = mapValues(object.data, mask);
    if (object.stringData) object.stringData = mapValues(object.stringData, (value) => mask(typeof value === "string" ? Buffer.from(value).toString("base64") : value));
    const annotations = object.metadata?.annotations;
    if (annotations) for (const key of sensitive) if (annotations[key] !== undefined) annotations[key] = mask(annotations[key]);
    return JSON.stringify(object);
  } catch {
    return "++++++++";
  }
}

function mapValues(from: Record<string, unknown>, change: (value: unknown) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
