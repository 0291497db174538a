import type { KubeObject } from "@trireme/api";
import { invalidValue, notSupported, required } from "../rest/metadata.ts";
import { pathSegmentProblems } from "../rest/names.ts";
import { sameJson } from "../rest/objects.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

const GROUP = "rbac.authorization.k8s.io";

export const roleStrategy: Strategy = {
  createsOnUpdate: true,
  nameProblems: pathSegmentProblems,
  validate: (object) => ruleCauses(object),
};

export const bindingStrategy: Strategy = {
  createsOnUpdate: true,
  nameProblems: pathSegmentProblems,
  defaults(object) {
    if (object.roleRef) object.roleRef.apiGroup ||= GROUP;
    for (const subject of object.subjects ?? []) {
      if (subject.apiGroup === undefined && (subject.kind === "User" || subject.kind === "Group")) subject.apiGroup = GROUP;
    }
  },
  validate(object, old) {
    const causes: Cause[] = [];
    const { roleRef = {}, subjects = [] } = object;
    if (roleRef.apiGroup !== GROUP) causes.push(notSupported("roleRef.apiGroup", roleRef.apiGroup ?? "", [GROUP]));
    const kinds = object.kind === "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"];
    if (!kinds.includes(roleRef.kind)) causes.push(notSupported("roleRef.kind", roleRef.kind ?? "", kinds));
    if (!roleRef.name) causes.push(required("roleRef.name"));
    for (const [index, subject] of subjects.entries()) causes.push(...subjectCauses(subject, `subjects[${index}]`, object));
    if (old && !sameJson(old.roleRef, roleRef)) causes.push(invalidValue("roleRef", { APIGroup: roleRef.apiGroup, Kind: roleRef.kind, Name: roleRef.name }, "cannot change roleRef"));
    return causes;
  },
};

function subjectCauses(subject: any, path: string, object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  if (!subject.name) causes.push(required(`${path}.name`));
  switch (subject.kind) {
    case "ServiceAccount":
      if (subject.apiGroup) causes.push(notSupported(`${path}.apiGroup`, subject.apiGroup, [""]));
      if (!subject.namespace && object.kind === "ClusterRoleBinding") causes.push(required(`${path}.namespace`));
      break;
    case "User":
    case "Group":
      if (subject.apiGroup !== GROUP) causes.push(notSupported(`${path}.apiGroup`, subject.apiGroup ?? "", [GROUP]));
      break;
    default:
      causes.push(notSupported(`${path}.kind`, subject.kind ?? "", ["ServiceAccount", "User", "Group"]));
  }
  return causes;
}

function ruleCauses(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  for (const [index, rule] of (object.rules ?? []).entries()) {
    const path = `rules[${index}]`;
    if ((rule.verbs ?? []).length === 0) causes.push(required(`${path}.verbs`, "verbs must contain at least one value"));
    if ((rule.nonResourceURLs ?? []).length > 0) {
      if (object.kind === "Role") causes.push(invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
      if ((rule.apiGroups ?? []).length + (rule.resources ?? []).length + (rule.resourceNames ?? []).length > 0) causes.push(invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"));
      continue;
    }
    if ((rule.apiGroups ?? []).length === 0) causes.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
    if ((rule.resources ?? []).length === 0) causes.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  }
  return causes;
}
