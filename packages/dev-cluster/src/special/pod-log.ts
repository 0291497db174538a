import type { ServerResponse } from "node:http";
import { drained } from "@trireme/runtime/waited";
import { mustFind, view } from "../rest/objects.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { isTrue } from "../server/request-info.ts";
import { badRequest, invalid, StatusError, type Cause } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { PodLogs } from "../nodes/pod-logs.ts";

/** GET of `pods/<name>/log`, streamed from the kubelet. */
export async function podLog(call: Call, type: ResourceType, ctx: ApiContext, response: ServerResponse, source: PodLogs | undefined): Promise<void> {
  const { namespace, name, query } = call.info;
  checkOptions(query, name);
  const pod = view(mustFind(ctx, type, namespace, name), type);
  const container = chosenContainer(pod.spec, name, query.get("container") ?? "");
  // Nobody runs it yet: there is nothing to read, and nothing wrong.
  if (!pod.spec.nodeName) return void response.writeHead(204, { "Cache-Control": "no-cache, private" }).end();
  if (!source) throw new StatusError(503, "ServiceUnavailable", `no node serves the logs of pod ${name}`);

  const number = (key: string): number | undefined => (query.has(key) ? Number(query.get(key)) : undefined);
  const [tailLines, limitBytes, sinceSeconds] = [number("tailLines"), number("limitBytes"), number("sinceSeconds")];
  const sinceTime = query.get("sinceTime");
  const lines = source.podLogs({
    namespace,
    pod: name,
    container,
    follow: isTrue(query.get("follow")),
    previous: isTrue(query.get("previous")),
    timestamps: isTrue(query.get("timestamps")),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime && { sinceTime }),
    signal: call.signal,
  })[Symbol.asyncIterator]();

  let first: IteratorResult<string> | undefined;
  const begin = (): void => {
    if (!response.headersSent) response.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-cache, private" });
    response.flushHeaders();
  };
  try {
    const pending = lines.next();
    // A follower of a silent container gets its headers at once; a refusal comes before them.
    first = isTrue(query.get("follow")) ? await Promise.race([pending, new Promise<undefined>((resolve) => setTimeout(resolve, 100, undefined))]) : await pending;
    if (!first) {
      begin();
      first = await pending;
    }
  } catch (error) {
    throw badRequest((error as Error).message);
  }
  begin();
  try {
    for (let next = first; !next.done; next = await lines.next()) if (!response.write(next.value)) await drained(response);
  } finally {
    response.end();
  }
}

function checkOptions(query: URLSearchParams, pod: string): void {
  const causes: Cause[] = [];
  for (const [field, least] of [["tailLines", 0], ["limitBytes", 1], ["sinceSeconds", 1]] as const) {
    const text = query.get(field);
    if (text === null) continue;
    if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    if (Number(text) < least) causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${Number(text)}: must be greater than ${least === 0 ? "or equal to 0" : "0"}`, field });
  }
  if (query.has("sinceSeconds") && query.has("sinceTime")) causes.push({ reason: "FieldValueForbidden", message: "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified", field: "[]" });
  if (causes.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, pod, causes);
}

export function chosenContainer(spec: Record<string, any>, pod: string, asked: string): string {
  const names: string[] = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])].map((container: any) => container.name);
  if (asked !== "") {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod}`);
    return asked;
  }
  if ((spec.containers ?? []).length === 1) return spec.containers[0].name;
  throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${names.join(" ")}]`);
}
