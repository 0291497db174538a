import { keyText, type KubeObject } from "@trireme/api";
import { isSecret } from "../clusters/redact.ts";
import type { RenderedObject } from "../repositories/render.ts";

/** Secrets of a render as they really are, by where they go. */
export type RawSecrets = ReadonlyMap<string, KubeObject>;

export function rawSecrets(rendered: readonly Pick<RenderedObject, "object">[], destinationNamespace: string): RawSecrets {
  return new Map(rendered.filter(({ object }) => isSecret(object)).map(({ object }) => [place(object, destinationNamespace), object]));
}

/** A redacted Secret with what it really holds, for the call that writes it. Throws where the render has it no more. */
export function withRawData(target: KubeObject, secrets: RawSecrets, destinationNamespace: string): KubeObject {
  const raw = secrets.get(place(target, destinationNamespace)) ?? secrets.get(place({ ...target, metadata: { ...target.metadata, name: "" } }, destinationNamespace));
  if (raw === undefined) throw new Error(`Secret ${target.metadata.namespace}/${target.metadata.name} is not in the render any more`);
  const { data: _, stringData: __, ...rest } = target;
  return { ...rest, ...(raw["data"] !== undefined && { data: raw["data"] }), ...(raw["stringData"] !== undefined && { stringData: raw["stringData"] }) };
}

function place(object: KubeObject, destinationNamespace: string): string {
  return keyText({ group: "", kind: "Secret", namespace: object.metadata.namespace || destinationNamespace, name: object.metadata.name || (object.metadata.generateName ?? "") });
}
