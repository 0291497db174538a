import type { KubeObject } from "@trireme/api";
import type { Rollout, RolloutBlueGreen, RolloutCanary, RolloutSpec } from "@trireme/api/argo";
import { Model, type ModelOptions } from "./_model.ts";

export const service = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });
export const template = (image: string): any => ({ metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } });
export const analysisTemplate = (name: string): KubeObject => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name }, spec: { metrics: [{ name, count: 1, provider: { web: { url: "http://x" } } }] } });

export function rollout(strategy: { blueGreen?: Partial<RolloutBlueGreen>; canary?: RolloutCanary }, spec: Partial<RolloutSpec> = {}, metadata: object = {}): Rollout {
  const { blueGreen, canary } = strategy;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "r", namespace: "ns", ...metadata },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: "web" } },
      template: template("web:1"),
      strategy: { ...(blueGreen !== undefined && { blueGreen: { activeService: "active", ...blueGreen } as RolloutBlueGreen }), ...(canary !== undefined && { canary }) },
      ...spec,
    },
  };
}

/** A cluster with Services, templates and one Rollout, at rest after its first revision. */
export function deployed(made: Rollout, options: ModelOptions = {}): Model {
  const model = new Model(options);
  for (const name of ["active", "preview", "stable", "canary"]) model.put(service(name));
  for (const name of ["pass", "fail", "unclear"]) model.put(analysisTemplate(name));
  model.put(made);
  model.run(60_000);
  return model;
}

/** Phases and messages as they followed each other. */
export function watchPhases(model: Model): string[] {
  const seen: string[] = [];
  const before = model.observe;
  model.observe = () => {
    before();
    const { phase, message } = model.rollout.status ?? {};
    const text = `${phase ?? ""}${message ? ` ${message}` : ""}`;
    if (text !== "" && seen.at(-1) !== text) seen.push(text);
  };
  return seen;
}

export const update = (model: Model, image: string): void => model.edit((each) => (each.spec.template = template(image)));
