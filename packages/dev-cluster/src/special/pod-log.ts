import type { ServerResponse } from "node:http";
import { mustFind, view } from "../rest/objects.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { isTrue } from "../server/request-info.ts";
import { badRequest, StatusError } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { PodLogs } from "../nodes/pod-logs.ts";

/** Whoever runs the pods: the nodes of the same process, or a kubelet elsewhere. */
export type PodLogSource = PodLogs;

/** GET of `pods/<name>/log`, streamed from the kubelet. */
export async function podLog(call: Call, type: ResourceType, ctx: ApiContext, response: ServerResponse, source: PodLogSource | undefined): Promise<void> {
  const { namespace, name, query } = call.info;
  const pod = view(mustFind(ctx, type, namespace, name), type);
  const container = chosenContainer(pod.spec, name, query.get("container") ?? "");
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
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
    for (let next = first; !next.done; next = await lines.next()) if (!response.write(next.value)) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  } finally {
    response.end();
  }
}

function chosenContainer(spec: Record<string, any>, pod: string, asked: string): string {
  const names: string[] = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map((container: any) => container.name);
  if (asked !== "") {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod}`);
    return asked;
  }
  const containers: string[] = (spec.containers ?? []).map((container: any) => container.name);
  if (containers.length === 1) return containers[0]!;
  const init: string[] = (spec.initContainers ?? []).map((container: any) => container.name);
  throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${containers.join(" ")}]${init.length ? ` or one of the init containers: [${init.join(" ")}]` : ""}`);
}
