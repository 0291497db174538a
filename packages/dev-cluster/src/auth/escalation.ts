import type { KubeObject } from "@trireme/api";
import type { Call } from "../server/context.ts";
import { forbidden } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { Rbac } from "./rbac.ts";
import { missingRules, ruleText, type PolicyRule } from "./rules.ts";
import { sameJson } from "../rest/objects.ts";

const GROUP = "rbac.authorization.k8s.io";

/**
 * Nobody grants what they do not have: a role's new rules, or those of a newly bound role, must be the asker's own,
 * unless they hold the verb `escalate` or `bind`. Throws 403.
 */
export function checkEscalation(rbac: Rbac, object: KubeObject, old: KubeObject | undefined, call: Call, type: ResourceType): void {
  if (type.group !== GROUP || call.user.groups.includes("system:masters")) return;
  const namespace = object.metadata.namespace ?? "";
  const may = (verb: string, resource: string, name: string): boolean => rbac.decide({ user: call.user, verb, isResource: true, group: GROUP, resource, namespace, name }).allowed;
  const { name = "" } = object.metadata;

  if (object.kind === "Role" || object.kind === "ClusterRole") {
    if (old && sameJson(old.rules, object.rules) && sameJson(old.aggregationRule, object.aggregationRule)) return;
    if (may("escalate", type.resource, name)) return;
    refuse((object.rules as PolicyRule[] | null) ?? [], object);
    if (object.aggregationRule && !(old && sameJson(old.aggregationRule, object.aggregationRule))) refuse([{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verbs: ["*"], nonResourceURLs: ["*"] }], object);
    return;
  }

  if (old && sameJson(old.roleRef, object.roleRef) && sameJson(old.subjects, object.subjects)) return;
  const { roleRef } = object;
  if (may("bind", roleRef.kind === "ClusterRole" ? "clusterroles" : "roles", roleRef.name)) return;
  const rules = rbac.rulesOf(roleRef, namespace);
  if (!rules) throw forbidden({ group: GROUP, resource: type.resource }, name, `${roleRef.kind === "ClusterRole" ? "clusterroles" : "roles"}.${GROUP} ${JSON.stringify(roleRef.name)} not found`);
  refuse(rules, object);

  function refuse(wanted: readonly PolicyRule[], refused: KubeObject): void {
    const missing = missingRules(rbac.rulesFor(call.user, namespace), wanted);
    if (missing.length === 0) return;
    const groups = call.user.groups.map((group) => JSON.stringify(group)).join(" ");
    throw forbidden(type, refused.metadata.name ?? "", `user ${JSON.stringify(call.user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join("\n")}`);
  }
}
