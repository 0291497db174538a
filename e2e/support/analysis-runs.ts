import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import type { AnalysisRun, AnalysisRunSpec } from "@trireme/rollouts";
import { until, type Verdict } from "./until.ts";

const KIND = { group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" };

/** AnalysisRuns of one namespace, made by hand and watched to their end. */
export class AnalysisRuns {
  readonly client: KubeClient;
  readonly namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  static async inNamespace(client: KubeClient, name: string): Promise<AnalysisRuns> {
    const namespace = `${name}-${Math.random().toString(36).slice(2, 8)}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    return new AnalysisRuns(client, namespace);
  }

  create(name: string, spec: AnalysisRunSpec): Promise<AnalysisRun> {
    return this.client.create<AnalysisRun>({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name, namespace: this.namespace }, spec });
  }

  get(name: string): Promise<AnalysisRun> {
    return this.client.get<AnalysisRun>({ ...KIND, namespace: this.namespace, name });
  }

  find(name: string): Promise<AnalysisRun | undefined> {
    return this.client.find<AnalysisRun>({ ...KIND, namespace: this.namespace, name });
  }

  patch(name: string, body: unknown): Promise<KubeObject> {
    return this.client.patch({ ...KIND, namespace: this.namespace, name }, "merge", body);
  }

  /** Waits for a phase; another end is never the right one. */
  reaches(name: string, phase: string, timeoutMs = 60_000): Promise<AnalysisRun> {
    return this.until(name, ({ status }) => {
      if (status?.phase === phase) return true;
      const said = `${status?.phase || "not begun"}: ${status?.message ?? ""} ${JSON.stringify(status?.metricResults ?? [])}`;
      return ["Successful", "Failed", "Error", "Inconclusive"].includes(status?.phase ?? "") ? { never: said } : { notYet: said };
    }, timeoutMs);
  }

  until(name: string, judge: (run: AnalysisRun) => Verdict, timeoutMs = 60_000): Promise<AnalysisRun> {
    return until(`analysis run ${name}`, () => this.get(name), judge, timeoutMs);
  }

  /** Events on a run, reason and message, as they were written. */
  async events(name: string): Promise<string[]> {
    const { items } = await this.client.list({ group: "", version: "v1", kind: "Event" }, { namespace: this.namespace });
    return items.filter((event) => event["involvedObject"].name === name).map((event) => `${event["type"]} ${event["reason"]}: ${event["message"]}`);
  }

  async jobs(): Promise<KubeObject[]> {
    return (await this.client.list({ group: "batch", version: "v1", kind: "Job" }, { namespace: this.namespace })).items;
  }
}
