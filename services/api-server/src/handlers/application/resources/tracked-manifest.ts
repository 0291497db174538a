import type { KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { instanceName, track } from "@trireme/gitops";
import type { Settings } from "@trireme/settings";

/** A rendered object as it would be applied: marked as the application's. CustomResourceDefinitions carry no mark. */
export function trackedManifest(object: KubeObject, app: Application, options: { controlPlaneNamespace: string; tracking: Settings["tracking"] }): KubeObject {
  if (object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/")) return object;
  const { namespace = "", name = "" } = app.metadata;
  return track(object, instanceName({ namespace, name }, options.controlPlaneNamespace), app.spec.destination.namespace ?? "", options.tracking);
}

/** JSON with sorted keys, as Argo CD writes manifests. */
export function manifestText(object: unknown): string {
  return JSON.stringify(sorted(object));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}
