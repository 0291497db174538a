import { Agent, request } from "undici";
import type { KubeObject } from "@trireme/api";
import type { Bed } from "../bed.ts";
import { inParallel, type Measurement } from "../measure.ts";
import { listedApplication } from "../workload.ts";

const REQUESTS = 50;
/** What Argo CD's page asks for. */
const PAGE_FIELDS = ["metadata.resourceVersion", ...["metadata.name", "metadata.namespace", "metadata.annotations", "metadata.labels", "metadata.creationTimestamp", "metadata.deletionTimestamp", "spec", "operation.sync", "status.sourceHydrator", "status.sync.status", "status.sync.revision", "status.health", "status.operationState.phase", "status.operationState.finishedAt", "status.operationState.operation.sync", "status.summary", "status.resources"].map((field) => `items.${field}`)].join(",");

/** `GET /api/v1/applications`, all of it and as the page asks for it, over one connection that stays open. */
export async function list(bed: Bed): Promise<Measurement[]> {
  const { apps, listed } = bed.options;
  const further = Array.from({ length: Math.max(0, listed - apps) }, (_, index) => listedApplication(bed.repository.url, index, apps));
  await inParallel(further, 16, (object) => bed.client.create(object as unknown as KubeObject));
  for (const { metadata } of further) await bed.applications.when("argocd", metadata.name, (object) => (object?.["status"])?.sync?.status === "OutOfSync", "compared", 5 * 60_000);
  await bed.applications.quiet(500, 10_000);

  const measurements: Measurement[] = [];
  for (const [what, path, goal] of [
    ["all fields", "/api/v1/applications", 10],
    ["the page's fields", `/api/v1/applications?fields=${PAGE_FIELDS}`, undefined],
  ] as const) {
    const { samples, bytes, items, encoding } = await timed(bed, path);
    measurements.push({ scenario: `list of ${items.toLocaleString("en")} applications, ${what}`, samples, unit: "ms", ...(goal !== undefined && { goal }), note: `${Math.round(bytes / 1024)} kB, ${encoding ?? "not compressed"}` });
  }
  return measurements;
}

async function timed(bed: Bed, path: string): Promise<{ samples: number[]; bytes: number; items: number; encoding: string | undefined }> {
  const agent = new Agent({ connections: 1 });
  try {
    const get = async (encoding: string) => {
      const answer = await request(new URL(path, bed.stack.url), { dispatcher: agent, headers: { authorization: `Bearer ${bed.api.token}`, "accept-encoding": encoding } });
      const body = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${body.toString().slice(0, 300)}`);
      return { body, encoding: answer.headers["content-encoding"] as string | undefined };
    };
    const items = (JSON.parse((await get("identity")).body.toString()) as { items: unknown[] }).items.length;
    const samples: number[] = [];
    let last = await get("gzip");
    for (let index = -5; index < REQUESTS; index++) {
      const start = performance.now();
      last = await get("gzip");
      if (index >= 0) samples.push(performance.now() - start);
    }
    return { samples, bytes: last.body.length, items, encoding: last.encoding };
  } finally {
    await agent.close();
  }
}
