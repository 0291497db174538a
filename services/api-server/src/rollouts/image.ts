import type { KubeObject } from "@trireme/api";
import { invalid } from "../errors.ts";

/** The workload with another image in a container, or in all of them for `*`. Throws where there is no such container. */
export function withImage(workload: KubeObject, container: string, image: string): KubeObject {
  const changed = structuredClone(workload);
  const pod = changed["spec"]?.template?.spec ?? {};
  const found = ["initContainers", "containers", "ephemeralContainers"].flatMap((field) => (pod[field] ?? []) as { name: string; image?: string }[]).filter(({ name }) => container === "*" || name === container);
  if (found.length === 0) throw invalid(`unable to find container named "${container}"`, "ContainerNotFound");
  for (const each of found) each.image = image;
  return changed;
}
