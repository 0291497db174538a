import type { Rollout } from "@trireme/api/argo";
import { Key, type PodTemplate } from "../rollout/objects.ts";
import { copyJson } from "../rollout/json.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** Affinity of the new set's pods: the template's own, and while another set is stable, away from its pods. */
export function affinityFor(rollout: Rollout, stableHash: string | undefined, newHash: string): Record<string, any> | undefined {
  const own = copyJson(rollout.spec.template?.spec?.affinity) as Record<string, any> | undefined;
  const strategy = rollout.spec.strategy?.blueGreen?.antiAffinity ?? rollout.spec.strategy?.canary?.antiAffinity;
  if (strategy === undefined || !stableHash || stableHash === newHash) return own;
  const term = { labelSelector: { matchExpressions: [{ key: Key.Hash, operator: "In", values: [stableHash] }] }, namespaces: [rollout.metadata.namespace ?? ""], topologyKey: "kubernetes.io/hostname" };
  const affinity = own ?? {};
  const anti = (affinity["podAntiAffinity"] ??= {});
  const preferred = strategy[PREFERRED];
  if (preferred !== undefined) anti[PREFERRED] = [...(anti[PREFERRED] ?? []), { weight: preferred.weight, podAffinityTerm: term }];
  else if (strategy[REQUIRED] !== undefined) anti[REQUIRED] = [...(anti[REQUIRED] ?? []), term];
  else return own;
  return affinity;
}

/** Whom the pods stay away from because that was injected; undefined where nothing was. */
export function injectedAgainst(template: PodTemplate): string | undefined {
  const anti = template.spec?.["affinity"]?.podAntiAffinity;
  const terms = [...(anti?.[REQUIRED] ?? []), ...(anti?.[PREFERRED] ?? []).map((weighted: any) => weighted.podAffinityTerm)];
  for (const term of terms) for (const { key, values } of term?.labelSelector?.matchExpressions ?? []) if (key === Key.Hash) return values?.[0];
  return undefined;
}

export function withoutInjectedAntiAffinity(template: PodTemplate): PodTemplate {
  if (injectedAgainst(template) === undefined) return template;
  const copy = copyJson(template);
  const affinity = copy.spec!["affinity"];
  const anti = affinity.podAntiAffinity;
  const isInjected = (term: any) => (term?.labelSelector?.matchExpressions ?? []).some((expression: any) => expression.key === Key.Hash);
  anti[REQUIRED] = (anti[REQUIRED] ?? []).filter((term: any) => !isInjected(term));
  anti[PREFERRED] = (anti[PREFERRED] ?? []).filter((weighted: any) => !isInjected(weighted.podAffinityTerm));
  for (const name of [REQUIRED, PREFERRED]) if (anti[name].length === 0) delete anti[name];
  if (Object.keys(anti).length === 0) delete affinity.podAntiAffinity;
  if (Object.keys(affinity).length === 0) delete copy.spec!["affinity"];
  return copy;
}
