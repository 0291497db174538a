import type { KubeClient } from "@trireme/kube";

export interface Requests {
  writes: number;
  reads: number;
  /** CPU that the API server has used. */
  cpuSeconds: number;
}

const WRITES = new Set(["POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"]);
const READS = new Set(["GET", "LIST"]);

/** Requests that the API server has answered since it began, whoever asked; `undefined` where it does not count them. */
export async function requestsSoFar(client: KubeClient): Promise<Requests | undefined> {
  const answer = await client.raw({ method: "GET", path: "/metrics" });
  const text = await answer.text();
  if (answer.status !== 200) return undefined;
  const requests: Requests = { writes: 0, reads: 0, cpuSeconds: Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1] ?? NaN) };
  let counted = false;
  for (const [, verb, value] of text.matchAll(/^apiserver_request_total\{[^}]*verb="(\w+)"[^}]*\} (\S+)$/gm)) {
    counted = true;
    if (WRITES.has(verb!)) requests.writes += Number(value);
    if (READS.has(verb!)) requests.reads += Number(value);
  }
  return counted ? requests : undefined;
}

/** As a note beside a figure: how many requests each of `count` things took, everybody's counted. */
export function requestsNote(before: Requests | undefined, after: Requests | undefined, count: number): string {
  if (before === undefined || after === undefined) return "";
  const each = (kind: "writes" | "reads") => ((after[kind] - before[kind]) / count).toFixed(1);
  return `, ${Math.round(((after.cpuSeconds - before.cpuSeconds) * 1000) / count)} of the API server; ${each("writes")} writes and ${each("reads")} reads by everybody`;
}
