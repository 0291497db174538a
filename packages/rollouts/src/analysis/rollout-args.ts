import type { AnalysisArgument } from "./types.ts";

/**
 * A Rollout's analysis arguments as plain values: hashes of its two sets and fields of its own.
 * A field that is not there is a problem; the secrets of templates are no concern of these.
 */
export function rolloutArguments(args: readonly AnalysisArgument[], from: { rollout: unknown; stableHash: string; latestHash: string }): { args: AnalysisArgument[] } | { problem: string } {
  const values: AnalysisArgument[] = [];
  for (const { name, value = "", valueFrom } of args) {
    if (valueFrom?.podTemplateHashValue !== undefined) values.push({ name, value: valueFrom.podTemplateHashValue === "Latest" ? from.latestHash : from.stableHash });
    else if (valueFrom?.fieldRef !== undefined) {
      const field = fieldOf(from.rollout, valueFrom.fieldRef.fieldPath);
      if ("problem" in field) return field;
      values.push({ name, value: field.value });
    } else values.push({ name, value });
  }
  return { args: values };
}

type Field = { value: string } | { problem: string };

function fieldOf(rollout: unknown, path: string): Field {
  return path.startsWith("metadata") ? metadataField(rollout, path) : anyField(rollout, path);
}

/** The downward API's paths: an absent label or annotation is empty. */
function metadataField(rollout: unknown, path: string): Field {
  const metadata = ((rollout as { metadata?: Record<string, any> }).metadata ?? {}) as Record<string, any>;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript !== null) return { value: metadata[subscript[1]!]?.[subscript[2]!] ?? "" };
  switch (path) {
    case "metadata.name":
    case "metadata.namespace":
    case "metadata.uid":
      return { value: metadata[path.slice("metadata.".length)] ?? "" };
    case "metadata.labels":
    case "metadata.annotations":
      return { value: mapText(metadata[path.slice("metadata.".length)] ?? {}) };
    default:
      return { problem: `unsupported fieldPath: ${path}` };
  }
}

function mapText(map: Record<string, string>): string {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
    .join("\n");
}

function anyField(rollout: unknown, path: string): Field {
  let place: unknown = rollout;
  for (const section of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (Array.isArray(place)) {
      if (!/^\d{1,9}$/.test(section)) return { problem: `invalid index '${section}'` };
      if (Number(section) >= place.length) return { problem: `index ${section} out of range` };
      place = place[Number(section)];
    } else if (typeof place === "object" && place !== null) place = Object.hasOwn(place, section) ? (place as Record<string, unknown>)[section] : undefined;
    else return { problem: `invalid path ${path} in rollout` };
  }
  if (place === undefined || place === null) return { problem: `invalid path ${path} in rollout` };
  if (typeof place === "object") return { problem: `path ${path} in rollout must terminate in a primitive value` };
  return { value: String(place) };
}
