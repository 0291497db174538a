import type { KubeObject } from "@trireme/api";

/** A ConfigMap or Secret: only what settings read. */
export interface DataObject extends KubeObject {
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

/** The values of a Secret as text; base64 that is none yields what could be read. */
export function secretData(secret: DataObject | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(secret?.data ?? {})) out[key] = decodeBase64(value);
  for (const [key, value] of Object.entries(secret?.stringData ?? {})) out[key] = value;
  return out;
}

export function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  } catch {
    return "";
  }
}

export function encodeBase64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
