import type { RouterParts, SpecialHandler } from "../server/router.ts";
import type { Rbac } from "../auth/rbac.ts";
import type { Tokens } from "../auth/tokens.ts";
import type { PodExec } from "../nodes/exec/pod-exec.ts";
import type { PodLogs } from "../nodes/pod-logs.ts";
import { methodNotAllowed, StatusError } from "../server/status-error.ts";
import { bindPod, createBinding } from "./binding.ts";
import { evict } from "./eviction.ts";
import { finalizeNamespace } from "./finalize.ts";
import { podExec } from "./pod-exec.ts";
import { podLog } from "./pod-log.ts";
import { partialUpdate } from "./partial-update.ts";
import { localSubjectAccessReview, selfSubjectAccessReview, selfSubjectReview, selfSubjectRulesReview, subjectAccessReview } from "./reviews.ts";
import { scale } from "./scale.ts";
import { tokenRequest, tokenReview } from "./token-request.ts";

export type PodNodes = PodLogs & PodExec;

export interface SpecialParts {
  rbac: Rbac;
  tokens: Tokens;
  /** Whoever runs the pods: the nodes of the same process. */
  nodes: () => PodNodes | undefined;
}

const SCALED = ["*", "deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers"];
const AUTHORIZATION = "authorization.k8s.io";
const AUTHENTICATION = "authentication.k8s.io";

/** Everything that is not plain create, read, change and delete of an object or its status. */
export function specialHandlers({ rbac, tokens, nodes }: SpecialParts): RouterParts["special"] {
  const handlers: [string, SpecialHandler][] = [
    ...SCALED.map((bucket): [string, SpecialHandler] => [`${bucket}/scale`, scale]),
    ["pods/binding", bindPod],
    ["bindings", createBinding],
    ["pods/eviction", evict],
    ["pods/log", (call, type, ctx, response) => podLog(call, type, ctx, response, nodes())],
    ["pods/exec", (call, type, ctx, response) => podExec(call, type, ctx, response, rbac, nodes())],
    ["pods/ephemeralcontainers", partialUpdate((object, old) => ({ ...old, spec: { ...old.spec, ephemeralContainers: object.spec?.ephemeralContainers } }))],
    ["pods/resize", partialUpdate((object, old) => ({ ...old, spec: { ...old.spec, containers: old.spec.containers.map((container: any) => ({ ...container, resources: object.spec?.containers?.find((one: any) => one.name === container.name)?.resources ?? container.resources })) } }))],
    ["certificatesigningrequests.certificates.k8s.io/approval", partialUpdate((object, old) => ({ ...old, status: { ...old.status, conditions: object.status?.conditions } }))],
    ["namespaces/finalize", finalizeNamespace],
    ["serviceaccounts/token", tokenRequest(tokens)],
    [`tokenreviews.${AUTHENTICATION}`, tokenReview(tokens)],
    [`selfsubjectreviews.${AUTHENTICATION}`, selfSubjectReview],
    [`selfsubjectaccessreviews.${AUTHORIZATION}`, selfSubjectAccessReview(rbac)],
    [`subjectaccessreviews.${AUTHORIZATION}`, subjectAccessReview(rbac)],
    [`localsubjectaccessreviews.${AUTHORIZATION}`, localSubjectAccessReview(rbac)],
    [`selfsubjectrulesreviews.${AUTHORIZATION}`, selfSubjectRulesReview(rbac)],
    ...["attach", "portforward", "proxy"].map((name): [string, SpecialHandler] => [`pods/${name}`, refused(`pods/${name}`)]),
    ["services/proxy", refused("services/proxy")],
    ["nodes/proxy", refused("nodes/proxy")],
  ];
  return new Map(handlers.map(([key, handler]) => [key, guarded(handler)]));
}

/** Verbs that a resource does not list are 405 here as everywhere. */
function guarded(handler: SpecialHandler): SpecialHandler {
  return async (call, type, ctx, response) => {
    const { subresource, verb } = call.info;
    const verbs = subresource === "" ? type.verbs : (type.subresources.get(subresource)?.verbs ?? []);
    if (!verbs.includes(verb)) throw methodNotAllowed();
    return handler(call, type, ctx, response);
  };
}

/** Containers here are simulated: there is nothing to connect to. */
function refused(what: string): SpecialHandler {
  return async () => {
    throw new StatusError(501, "NotImplemented", `${what} is not served by the embedded cluster: its containers are simulated and run no processes to connect to`);
  };
}
