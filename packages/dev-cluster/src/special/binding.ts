import { parseBody } from "../rest/body.ts";
import { isDryRun } from "../rest/options.ts";
import { copyOf, mustFind, save, view } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";
import { timestamp, type Answer, type ApiContext, type Call } from "../server/context.ts";
import { badRequest, conflict, invalid } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

const CREATED = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** POST of `pods/<name>/binding`: the scheduler's decision. */
export async function bindPod(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const { value } = parseBody(call);
  if (!isObject(value)) throw badRequest("expected a Binding object");
  return bind(call, type, ctx, call.info.name, value);
}

/** POST of `bindings`, the older door of the same. */
export async function createBinding(call: Call, _type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const { value } = parseBody(call);
  if (!isObject(value)) throw badRequest("expected a Binding object");
  return bind(call, ctx.types.find("", "v1", "pods")!, ctx, value.metadata?.name ?? "", value);
}

function bind(call: Call, type: ResourceType, ctx: ApiContext, name: string, binding: Record<string, any>): Answer {
  const node = binding.target?.name ?? "";
  if (node === "") throw invalid({ group: "", kind: "Binding" }, name, [{ reason: "FieldValueRequired", message: "Required value", field: "target.name" }]);
  const pod = copyOf(view(mustFind(ctx, type, call.info.namespace, name), type));
  if (binding.metadata?.uid && binding.metadata.uid !== pod.metadata.uid) throw conflict({ group: "", resource: "pods/binding" }, name, `Precondition failed: UID in precondition: ${binding.metadata.uid}, UID in object meta: ${pod.metadata.uid}`);
  if (pod.metadata.deletionTimestamp) throw conflict({ group: "", resource: "pods/binding" }, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw conflict({ group: "", resource: "pods/binding" }, name, `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if (isDryRun(call)) return { code: 201, object: CREATED };

  pod.spec.nodeName = node;
  pod.metadata.annotations = { ...pod.metadata.annotations, ...binding.metadata?.annotations };
  if (Object.keys(pod.metadata.annotations!).length === 0) delete pod.metadata.annotations;
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: timestamp(ctx.now()) };
  pod.status = { ...pod.status, conditions: [...(pod.status?.conditions ?? []).filter((one: any) => one.type !== "PodScheduled"), scheduled] };
  save(ctx, type, pod);
  return { code: 201, object: CREATED };
}
