import type { RolloutSteps } from "@trireme/api/argo";
import stepFields from "../../data/canary-step-fields.json" with { type: "json" };
import templateFields from "../../data/pod-template-fields.json" with { type: "json" };
import { structJson, type GoTypes } from "./struct-json.ts";

/** Characters that spell no words. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/**
 * The value of `rollouts-pod-template-hash` for a pod template as the API server stores it. Fields are in the order of
 * k8s.io/api v0.34, which Argo Rollouts 1.9 is built with.
 */
export function podTemplateHash(template: unknown, collisionCount?: number): string {
  const bytes = new TextEncoder().encode(templateJson(template));
  if (collisionCount === undefined) return encode(fnv1a(bytes));
  const suffixed = new Uint8Array(bytes.length + 8);
  suffixed.set(bytes);
  new DataView(suffixed.buffer).setUint32(bytes.length, collisionCount, true);
  return encode(fnv1a(suffixed));
}

/** The template as Go would write it: two templates are the same to Argo Rollouts when this text is. */
export function templateJson(template: unknown): string {
  return structJson(templateFields as GoTypes, "PodTemplateSpec", template);
}

/** The value of `status.currentStepHash`; without steps it is that of `null`. */
export function stepsHash(steps: readonly RolloutSteps[] | undefined): string {
  const json = steps === undefined || steps.length === 0 ? "null" : `[${steps.map((step) => structJson(stepFields as GoTypes, "CanaryStep", step)).join(",")}]`;
  return encode(fnv1a(new TextEncoder().encode(json)));
}

function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function encode(hash: number): string {
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join("");
}
