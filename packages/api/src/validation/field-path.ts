import type { FieldPath } from "../yaml/positions.ts";

/** `spec.ports[0].targetPort`: how a place is written in messages. */
export function fieldPathText(path: FieldPath): string {
  let text = "";
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
  return text;
}

/** A sentence with its place in front: `hello/service.yaml:5: metadata.nmaespace is …`. Parts that are not known are left out. */
export function placed(message: string, place: { file?: string | undefined; line?: number | undefined }): string {
  if (!place.file) return message;
  return place.line ? `${place.file}:${place.line}: ${message}` : `${place.file}: ${message}`;
}
