import type { KubeObject } from "@trireme/api";
import type { Rollout, RolloutTemplate, RolloutSelector } from "@trireme/api/argo";
import { annotate, Key } from "../rollout/objects.ts";
import { draftOf } from "../rollout/draft.ts";

/** A workload whose pod template a Rollout may take over, by `group/kind`. */
const TEMPLATES: Record<string, { template: (object: KubeObject) => unknown; hasSelector: boolean }> = {
  "/PodTemplate": { template: (object) => object["template"], hasSelector: false },
  "apps/Deployment": { template: (object) => object["spec"]?.template, hasSelector: true },
  "apps/ReplicaSet": { template: (object) => object["spec"]?.template, hasSelector: true },
};

/**
 * The Rollout with the template of what its workloadRef names, and with its selector where it has none; both live in
 * memory only. The annotation says which generation was seen. The argument is not changed.
 */
export function resolveWorkload(stored: Rollout, workload: KubeObject | undefined): { rollout: Rollout } | { problem: string } {
  const rollout = draftOf(stored);
  const reference = rollout.spec.workloadRef;
  if (reference === undefined) {
    if (rollout.metadata.annotations?.[Key.WorkloadGeneration] !== undefined) annotate(rollout, Key.WorkloadGeneration, undefined);
    return { rollout };
  }
  const template = rollout.spec.template;
  if ((template?.spec?.containers ?? []).length > 0 || Object.keys(template?.metadata?.labels ?? {}).length > 0) return { problem: "template must be empty for workload reference rollout" };
  const [group, kind] = [/^(.*)\//.exec(reference.apiVersion ?? "")?.[1] ?? "", reference.kind ?? ""];
  const known = TEMPLATES[`${group}/${kind}`];
  if (known === undefined) return { problem: `workload of type ${group}/${kind} is not supported` };
  if (workload === undefined) return { problem: `${kind.toLowerCase()}${group === "" ? "" : `.${group}`} "${reference.name}" not found` };
  rollout.spec.template = (known.template(workload) ?? {}) as RolloutTemplate;
  if (rollout.spec.selector === undefined && known.hasSelector) rollout.spec.selector = workload["spec"]?.selector as RolloutSelector;
  annotate(rollout, Key.WorkloadGeneration, String(workload.metadata.generation ?? 0));
  return { rollout };
}
