import type { Attributes } from "./authorize.ts";

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

const ALL = "*";

/** Whether one rule allows what is asked. */
export function ruleAllows(rule: PolicyRule, asked: Attributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false;
  if (!asked.isResource) return (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, asked.path ?? ""));
  const { group = "", resource = "", subresource = "", name = "" } = asked;
  if (!has(rule.apiGroups ?? [], group)) return false;
  if (!resourceMatches(rule.resources ?? [], resource, subresource)) return false;
  return (rule.resourceNames ?? []).length === 0 || rule.resourceNames!.includes(name);
}

function has(values: readonly string[], wanted: string): boolean {
  return values.includes(ALL) || values.includes(wanted);
}

/** `pods/log`, `*`, and `*` + `/log` for any resource's logs. */
function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return resources.some((one) => one === ALL || one === full || (subresource !== "" && one === `*/${subresource}`));
}

function pathMatches(pattern: string, path: string): boolean {
  return pattern === ALL || pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1)));
}

/** Rules that `wanted` grants and `owned` does not, each broken down to single verbs and resources. */
export function missingRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakdown).filter((rule) => !owned.some((owner) => covers(owner, rule)));
}

function breakdown(rule: PolicyRule): PolicyRule[] {
  const out: PolicyRule[] = [];
  for (const verb of rule.verbs ?? []) {
    for (const url of rule.nonResourceURLs ?? []) out.push({ verbs: [verb], nonResourceURLs: [url] });
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        if ((rule.resourceNames ?? []).length === 0) out.push({ verbs: [verb], apiGroups: [group], resources: [resource] });
        else for (const name of rule.resourceNames!) out.push({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames: [name] });
      }
    }
  }
  return out;
}

function covers(owner: PolicyRule, { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): boolean {
  if (!verbs.every((verb) => has(owner.verbs, verb))) return false;
  if (nonResourceURLs) return nonResourceURLs.every((url) => (owner.nonResourceURLs ?? []).some((pattern) => pattern === url || pathMatches(pattern, url)));
  if (!(apiGroups ?? []).every((group) => has(owner.apiGroups ?? [], group))) return false;
  if (!(resources ?? []).every((resource) => (owner.resources ?? []).some((one) => one === ALL || one === resource || (resource.includes("/") && one === `*/${resource.split("/")[1]}`)))) return false;
  return (owner.resourceNames ?? []).length === 0 || ((resourceNames ?? []).length > 0 && resourceNames!.every((name) => owner.resourceNames!.includes(name)));
}

/** A rule as the server's messages show it. */
export function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
  const parts = [
    ...(apiGroups ? [`APIGroups:${list(apiGroups)}`] : []),
    ...(resources ? [`Resources:${list(resources)}`] : []),
    ...(resourceNames ? [`ResourceNames:${list(resourceNames)}`] : []),
    ...(nonResourceURLs ? [`NonResourceURLs:${list(nonResourceURLs)}`] : []),
    `Verbs:${list(verbs)}`,
  ];
  return `{${parts.join(", ")}}`;
}
