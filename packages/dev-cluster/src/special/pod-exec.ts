import type { ServerResponse } from "node:http";
import { attributesOf, type Authorizer } from "../auth/authorize.ts";
import type { PodExec } from "../nodes/exec/pod-exec.ts";
import { mustFind, view } from "../rest/objects.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { isTrue } from "../server/request-info.ts";
import { badRequest, forbidden, notFound, StatusError } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { chosenContainer } from "./pod-log.ts";

/** `pods/<name>/exec`: whatever the method, it takes the right to create. What is checked here is what a real API server checks before it calls the kubelet. */
export async function podExec(call: Call, type: ResourceType, ctx: ApiContext, response: ServerResponse, authorizer: Authorizer, source: PodExec | undefined): Promise<void> {
  const { namespace, name, query } = call.info;
  const decision = authorizer.decide({ ...attributesOf(call.info, call.user), verb: "create" });
  if (!decision.allowed) throw forbidden(type, name, decision.reason);
  const pod = view(mustFind(ctx, type, namespace, name), type);
  const container = chosenContainer(pod.spec, name, query.get("container") ?? "");
  const { nodeName } = pod.spec as { nodeName?: string };
  if (!nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  if (!ctx.store.get("nodes", nodeName)) throw notFound(type, nodeName);
  if (!call.upgrade) throw badRequest("Upgrade request required");
  if (!source) throw new StatusError(503, "ServiceUnavailable", `no node runs commands in pod ${name}`);
  const { serveExec } = await import("../nodes/exec/remote-command.ts");
  const flag = (key: string): boolean => isTrue(query.get(key));
  await serveExec(source, { namespace, pod: name, container, command: query.getAll("command") }, { stdin: flag("stdin"), stdout: flag("stdout"), stderr: flag("stderr"), tty: flag("tty") }, call.upgrade, response);
}
