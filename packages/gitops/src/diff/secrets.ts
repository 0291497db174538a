import type { KubeObject } from "@trireme/api";

/** A Secret as the server stores it: stringData folded into data, nulls as empty texts. Other objects come back as they are. */
export function foldedSecret(object: KubeObject): KubeObject {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
  const { stringData, data } = object;
  const hasNull = data !== null && typeof data === "object" && Object.values(data).includes(null);
  if ((stringData === undefined || stringData === null) && !hasNull) return object;
  const folded: Record<string, string> = {};
  for (const [key, value] of Object.entries<unknown>(data ?? {})) folded[key] = value === null ? "" : String(value);
  for (const [key, value] of Object.entries<unknown>(stringData ?? {})) folded[key] = base64(value === null || value === undefined ? "" : String(value));
  const { stringData: _, ...rest } = object;
  return { ...rest, data: folded };
}

function base64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
