import { mergedPodLogs } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import { invalid, unknown } from "../../../errors.ts";
import { stream } from "../../rpc.ts";
import { forApplication, rbacName, type ApplicationCall } from "../access.ts";
import { destinationClient } from "../destination.ts";
import { treeOf, type TreeNode } from "./tree.ts";

/** Log lines of the pods below a resource of the application, merged as they come; the last message says `last`. */
export const podLogs = stream<ApplicationCall>(forApplication("get"), async function* (request, { app, project, ctx, caller, signal }) {
  caller.require("logs", "get", rbacName(app, ctx.namespace));
  const wanted = request.podName ? { ...request, kind: "Pod", group: "", resourceName: request.podName } : request;
  const until = request.untilTime ? Date.parse(request.untilTime) : undefined;
  if (until !== undefined && Number.isNaN(until)) throw unknown(`invalid untilTime parameter value: ${JSON.stringify(request.untilTime)} is not a time`, "InvalidArgument");
  const keep = lineFilter(request.filter ?? "", request.matchCase === true);

  const pods = podsBelow((await treeOf(app, ctx, signal)).nodes ?? [], wanted);
  if (pods.length === 0) return;
  if (pods.length > ctx.settings.current().maxPodLogsToRender) throw invalid("max pods to view logs are reached. Please provide more granular query");
  const { client } = destinationClient(app, project, ctx);
  const sources = pods.map((pod) => ({
    namespace: pod.namespace ?? "",
    pod: pod.name,
    timestamps: true,
    ...(request.container && { container: request.container }),
    ...(request.follow === true && { follow: true }),
    ...(request.previous === true && { previous: true }),
    ...(request.tailLines > 0 && { tailLines: request.tailLines }),
    ...(request.sinceSeconds > 0 && { sinceSeconds: request.sinceSeconds }),
    ...(request.sinceTime && { sinceTime: timeText(request.sinceTime) }),
  }));
  const failures: { pod: string; message: string }[] = [];
  for await (const line of mergedPodLogs(client, sources, (source, error) => failures.push({ pod: source.pod, message: asAppError(error).message }), signal)) {
    // What a pod's door answers instead of lines is shown as a line, so that people see why there is none.
    for (const failure of failures.splice(0)) yield entry("", failure.message, "", false);
    const at = line.text.indexOf(" ");
    const stamp = at < 0 ? "" : line.text.slice(0, at);
    const content = at < 0 ? line.text : line.text.slice(at + 1);
    if (!keep(content)) continue;
    const beyond = until !== undefined && Date.parse(stamp) > until;
    yield entry(line.pod, content, stamp, beyond);
    if (beyond) return;
  }
  for (const failure of failures) yield entry("", failure.message, "", false);
  yield entry("", "", new Date(ctx.clock.now()).toISOString(), true);
});

function entry(podName: string, content: string, stamp: string, last: boolean) {
  const time = Date.parse(stamp);
  const timeStampStr = stamp === "" ? "0001-01-01T00:00:00Z" : stamp;
  return { content, timeStamp: Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`, last, timeStampStr, podName };
}

/** A text that lines must hold; after `!`, must not. */
function lineFilter(filter: string, matchCase: boolean): (line: string) => boolean {
  if (filter === "") return () => true;
  const inverse = filter.startsWith("!");
  const literal = inverse ? filter.slice(1) : filter;
  const fold = (text: string) => (matchCase ? text : text.toLowerCase());
  return (line) => fold(line).includes(fold(literal)) !== inverse;
}

interface Wanted {
  resourceName?: string;
  kind?: string;
  group?: string;
  namespace?: string;
}

/** Pods that are the wanted resource, or below it. */
export function podsBelow(nodes: readonly TreeNode[], wanted: Wanted): TreeNode[] {
  const byKey = new Map(nodes.map((node) => [keyOf(node), node]));
  const known = new Map<string, boolean>();
  const belongs = (node: TreeNode, depth = 0): boolean => {
    const key = keyOf(node);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false);
    const is = (!wanted.resourceName || node.name === wanted.resourceName) && (!wanted.kind || node.kind === wanted.kind) && (!wanted.group || (node.group ?? "") === wanted.group) && (!wanted.namespace || (node.namespace ?? "") === wanted.namespace);
    const found = is || (depth < 32 && (node.parentRefs ?? []).some((parent) => { const above = byKey.get(keyOf(parent)); return above !== undefined && belongs(above, depth + 1); }));
    known.set(key, found);
    return found;
  };
  return nodes.filter((node) => node.kind === "Pod" && (node.group ?? "") === "" && node.uid && belongs(node));
}

function keyOf(ref: { group?: string; kind?: string; namespace?: string; name?: string }): string {
  return `${ref.group ?? ""}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

function timeText(time: unknown): string {
  if (typeof time === "string") return time;
  const { seconds } = time as { seconds?: number | string };
  return new Date(Number(seconds ?? 0) * 1000).toISOString();
}
