import type { KubeObject } from "@trireme/api";
import { KubeError, type KubeClient } from "@trireme/kube";
import type { AnalysisRun, Metric } from "@trireme/rollouts";
import { jobProvider } from "./job.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const UID = "11111111-2222-3333-4444-555555555555";
const run: AnalysisRun = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name: "r", namespace: "default", uid: UID }, spec: { metrics: [] } };
const job = (more: Partial<KubeObject> = {}): KubeObject => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "default" }, ...more });

/** A server that has one Job already, or none. */
function server(existing?: KubeObject) {
  const asked: string[] = [];
  const client = {
    create: async (object: KubeObject) => {
      asked.push(`create ${object.metadata.name}`);
      if (existing !== undefined) throw new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: 409, reason: "AlreadyExists", message: "it exists" }, { method: "POST", path: "/jobs", cluster: "test" });
      return object;
    },
    get: async () => existing,
    delete: async (of: { name: string }, options: { propagationPolicy?: string }) => void asked.push(`delete ${of.name} ${options.propagationPolicy}`),
  } as unknown as KubeClient;
  return { asked, client };
}

const measure = (client: KubeClient, name: string, index: number) => {
  const metric: Metric = { name, provider: { job: { spec: {} } } };
  return jobProvider.run({ run, metric, index, client, http: undefined as never, observe: () => undefined, now: () => NOW, signal: new AbortController().signal, settings: { prometheusAddress: undefined, jobNamespace: undefined } });
};

describe("42. the job provider", () => {
  it.each([
    { metric: "fail", index: 0, name: `${UID}.fail.1` },
    { metric: "fail", index: 11, name: `${UID}.fail.12` },
    { metric: "a-metric-whose-name-goes-on-and-on", index: 0, name: `${UID}.a-metric-whose-name-goes.1` },
    { metric: "a-metric-whose-name-goes-on-and-on", index: 99, name: `${UID}.a-metric-whose-name-go.100` },
  ])("names the Job of measurement $index of '$metric' $name", async ({ metric, index, name }) => {
    const { client, asked } = server();
    expect(await measure(client, metric, index)).toEqual({ phase: "Running", startedAt: "2026-01-02T03:04:05Z", metadata: { "job-name": name, "job-namespace": "default" } });
    expect(asked).toEqual([`create ${name}`]);
    expect(name.length).toBeLessThanOrEqual(63);
  });

  it.each([
    { owner: "the run", metadata: { ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", name: "r", uid: UID, controller: true }] }, isTaken: true },
    { owner: "the run, by its label where it cannot own it", metadata: { labels: { "analysisrun.argoproj.io/uid": UID } }, isTaken: true },
    { owner: "another run", metadata: { ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", name: "r", uid: "other", controller: true }] }, isTaken: false },
    { owner: "nobody", metadata: {}, isTaken: false },
  ])("takes up a Job that exists and belongs to $owner: $isTaken", async ({ metadata, isTaken }) => {
    const { client } = server(job({ metadata: { name: "j", namespace: "default", ...metadata } }));
    const measured = measure(client, "m", 0);
    if (isTaken) expect(await measured).toMatchObject({ phase: "Running", metadata: { "job-name": "j" } });
    else await expect(measured).rejects.toThrow("already exists");
  });

  const complete = { type: "Complete", status: "True" };
  const failed = { type: "Failed", status: "True" };
  it.each([
    { name: "no condition", status: {}, phase: "Running" },
    { name: "pods that succeeded alone", status: { succeeded: 1 }, phase: "Running" },
    { name: "Complete", status: { conditions: [complete] }, phase: "Successful" },
    { name: "Failed", status: { conditions: [failed] }, phase: "Failed" },
    { name: "Failed after Complete", status: { conditions: [complete, failed] }, phase: "Failed" },
    { name: "Complete after Failed", status: { conditions: [failed, complete] }, phase: "Successful" },
    { name: "Suspended", status: { conditions: [{ type: "Suspended", status: "True" }] }, phase: "Running" },
    { name: "Complete that is not true", status: { conditions: [{ ...complete, status: "False" }] }, phase: "Running" },
  ])("is $phase with $name", ({ status, phase }) => {
    const measurement = { phase: "Running" as const, startedAt: "2026-01-02T03:04:00Z", metadata: { "job-name": "j", "job-namespace": "default" } };
    const now = jobProvider.elsewhere!.resume(run, measurement, () => job({ status }), NOW);
    expect([now.phase, now.finishedAt]).toEqual([phase, phase === "Running" ? undefined : "2026-01-02T03:04:05Z"]);
  });

  it.each([
    { name: "that is gone", metadata: { "job-name": "j" }, message: 'job.batch "j" not found' },
    { name: "of which nothing is known", metadata: {}, message: "job metadata reference missing" },
  ])("is in error for a Job $name", ({ metadata, message }) => {
    expect(jobProvider.elsewhere!.resume(run, { phase: "Running", startedAt: "2026-01-02T03:04:00Z", metadata } as never, () => undefined, NOW)).toMatchObject({ phase: "Error", message });
  });

  it("deletes in the foreground, and of old ones all but the newest", async () => {
    const { client, asked } = server();
    const { signal } = new AbortController();
    await jobProvider.elsewhere!.end(run, { phase: "Running", startedAt: "2026-01-02T03:04:00Z", metadata: { "job-name": "j" } }, client, signal);
    const jobs = [3, 1, 2].map((second) => job({ metadata: { name: `j${second}`, namespace: "default", creationTimestamp: `2026-01-02T03:04:0${second}Z` } }));
    await jobProvider.elsewhere!.collect(run, 1, jobs, client, signal);
    expect(asked).toEqual(["delete j Foreground", "delete j1 Foreground", "delete j2 Foreground"]);
  });
});
