import type { KubeObject } from "@trireme/api";
import type { Attributes } from "../auth/authorize.ts";
import type { Rbac } from "../auth/rbac.ts";
import { trackCreate } from "../rest/field-manager.ts";
import { decodeBody, parseBody } from "../rest/body.ts";
import { isObject } from "../schema/typed.ts";
import { timestamp, type Answer, type ApiContext, type Call, type User } from "../server/context.ts";
import type { SpecialHandler } from "../server/router.ts";
import { badRequest, invalid } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

/** May I? */
export function selfSubjectAccessReview(rbac: Rbac): SpecialHandler {
  return async (call, type, ctx) => {
    const review = tracked(call, type, ctx);
    return answered(review, decide(rbac, review.spec, call.user, type));
  };
}

/** May somebody? */
export function subjectAccessReview(rbac: Rbac): SpecialHandler {
  return async (call, type, ctx) => {
    const review = tracked(call, type, ctx);
    const { user = "", groups = [], uid, extra } = review.spec ?? {};
    if (user === "" && groups.length === 0) throw invalid({ group: type.group, kind: "" }, "", [{ reason: "FieldValueInvalid", message: 'Invalid value: "": at least one of user or group must be specified', field: "spec.user" }]);
    return answered(review, decide(rbac, review.spec, { name: user, groups, ...(uid && { uid }), ...(extra && { extra }) }, type));
  };
}

/** May somebody, in this namespace? */
export function localSubjectAccessReview(rbac: Rbac): SpecialHandler {
  return async (call, type, ctx) => {
    const review = tracked(call, type, ctx);
    if (review.spec?.resourceAttributes?.namespace !== call.info.namespace) throw invalid({ group: type.group, kind: "" }, "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(review.spec?.resourceAttributes?.namespace ?? "")}: must match metadata.namespace`, field: "spec.resourceAttributes.namespace" }]);
    const { user = "", groups = [] } = review.spec ?? {};
    return answered(review, decide(rbac, review.spec, { name: user, groups }, type));
  };
}

/** What may I, in this namespace? */
export function selfSubjectRulesReview(rbac: Rbac): SpecialHandler {
  return async (call, type, ctx) => {
    const review = decodeBody(call, type, ctx);
    const namespace = review.spec?.namespace ?? "";
    if (namespace === "") throw badRequest("no namespace on request");
    const rules = rbac.rulesFor(call.user, namespace);
    const resourceRules = rules.filter((rule) => (rule.resources ?? []).length > 0).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) }));
    const nonResourceRules = rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
    return { code: 201, object: { ...review, spec: {}, status: { resourceRules, nonResourceRules, incomplete: false } } };
  };
}

/** Who am I? */
export async function selfSubjectReview(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  if (call.body.length > 0 && !isObject(parseBody(call).value)) throw badRequest("expected a SelfSubjectReview object");
  const { name, uid, groups, extra } = call.user;
  return {
    code: 201,
    type,
    object: {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { creationTimestamp: timestamp(ctx.now()) },
      status: { userInfo: { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) } },
    },
  };
}

/** A review is never stored, yet its answer says who sent which fields. */
export function tracked(call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  const review = decodeBody(call, type, ctx);
  trackCreate(ctx, type, review, call);
  return review;
}

function decide(rbac: Rbac, spec: any, user: User, type: ResourceType): Record<string, unknown> {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec ?? {};
  if (resource && other) throw invalid({ group: type.group, kind: "" }, "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify({ Path: other.path ?? "", Verb: other.verb ?? "" })}: cannot be specified in combination with resourceAttributes`, field: "spec.nonResourceAttributes" }]);
  if (Boolean(resource) === Boolean(other)) throw invalid({ group: type.group, kind: "" }, "", [{ reason: "FieldValueInvalid", message: `Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`, field: "spec.resourceAttributes" }]);
  const attributes: Attributes = resource
    ? { user, isResource: true, verb: resource.verb ?? "", group: resource.group ?? "", version: resource.version ?? "", resource: resource.resource ?? "", subresource: resource.subresource ?? "", namespace: resource.namespace ?? "", name: resource.name ?? "" }
    : { user, isResource: false, verb: other.verb ?? "", path: other.path ?? "" };
  const { allowed, reason } = rbac.decide(attributes);
  return { allowed, ...(reason && { reason }) };
}

function answered(review: Record<string, unknown>, status: Record<string, unknown>): Answer {
  return { code: 201, object: { ...review, status } };
}
