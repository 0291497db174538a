import type { Tokens } from "../auth/tokens.ts";
import { parseBody } from "../rest/body.ts";
import { tracked } from "./reviews.ts";
import { mustFind } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";
import { timestamp } from "../server/context.ts";
import type { SpecialHandler } from "../server/router.ts";
import { badRequest, invalid, notFound } from "../server/status-error.ts";

const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;
const KIND = { group: "authentication.k8s.io", kind: "TokenRequest" };

/** POST of `serviceaccounts/<name>/token`: a token for the account, bound to an object where that is asked. */
export function tokenRequest(tokens: Tokens): SpecialHandler {
  return async (call, type, ctx) => {
    const { namespace, name } = call.info;
    const account = mustFind(ctx, type, namespace, name).object;
    const value = call.body.length === 0 ? {} : parseBody(call).value;
    if (!isObject(value)) throw badRequest("expected a TokenRequest object");
    const { audiences = [], boundObjectRef } = value.spec ?? {};
    const seconds: number = value.spec?.expirationSeconds ?? DEFAULT_SECONDS;
    if (seconds < MIN_SECONDS) throw invalid(KIND, "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`, field: "spec.expirationSeconds" }]);
    if (seconds > MAX_SECONDS) throw invalid(KIND, "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${seconds}: may not specify a duration larger than 2^32 seconds`, field: "spec.expirationSeconds" }]);
    const bound = boundObjectRef && boundTo(boundObjectRef);
    const expires = ctx.now() + seconds * 1000;
    const token = await tokens.sign({ namespace, name, uid: account.metadata.uid!, audiences: audiences.length > 0 ? audiences : undefined, expires, ...(bound && { bound }) });
    return {
      code: 201,
      object: {
        kind: "TokenRequest",
        apiVersion: "authentication.k8s.io/v1",
        metadata: { name, namespace, creationTimestamp: timestamp(ctx.now()) },
        spec: { audiences: audiences.length > 0 ? audiences : tokens.audiences, expirationSeconds: seconds, boundObjectRef: boundObjectRef ?? null },
        status: { token, expirationTimestamp: timestamp(expires) },
      },
    };

    function boundTo(ref: any): { kind: string; name: string; uid: string } {
      const bucket = ({ Pod: "pods", Secret: "secrets", Node: "nodes" } as Record<string, string>)[ref.kind];
      if (!bucket) throw badRequest(`cannot bind token for serviceaccount to object of type ${ref.kind}`);
      const found = ctx.store.get(bucket, bucket === "nodes" ? ref.name : `${namespace}/${ref.name}`)?.object;
      if (!found) throw notFound({ group: "", resource: bucket }, ref.name);
      if (ref.uid && ref.uid !== found.metadata.uid) throw badRequest(`the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`);
      return { kind: ref.kind, name: ref.name, uid: found.metadata.uid! };
    }
  };
}

/** POST of `tokenreviews`: whose token is this? */
export function tokenReview(tokens: Tokens): SpecialHandler {
  return async (call, type, ctx) => {
    const review = tracked(call, type, ctx);
    const user = await tokens.read(review.spec?.token ?? "", review.spec?.audiences);
    const status = user ? { authenticated: true, user: { username: user.name, ...(user.uid && { uid: user.uid }), groups: [...user.groups, ...(user.groups.includes("system:authenticated") ? [] : ["system:authenticated"])], ...(user.extra && { extra: user.extra }) }, audiences: review.spec?.audiences ?? tokens.audiences } : { user: {}, error: "invalid bearer token" };
    return { code: 201, object: { ...review, status } };
  };
}
