import type { ResourceType } from "../types/resource-type.ts";

/** Kinds that are kept as they are and change nothing here, though they would on a real server. */
const UNENFORCED = new Set([...["mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"].map((one) => `${one}.admissionregistration.k8s.io`)]);

/** Kinds that a real server warns about whenever they are asked for. */
const DEPRECATED: Readonly<Record<string, string>> = {
  endpoints: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  componentstatuses: "v1 ComponentStatus is deprecated in v1.19+",
};

/** What a client should know about a kind before relying on it. */
export function warningsAbout(type: ResourceType, verb: string): string[] {
  const deprecated = type.custom?.deprecation ?? DEPRECATED[type.bucket];
  if (deprecated) return [deprecated];
  return UNENFORCED.has(type.bucket) && ["create", "update", "patch"].includes(verb) ? [`${type.kind} is stored, but not enforced by the embedded cluster`] : [];
}
