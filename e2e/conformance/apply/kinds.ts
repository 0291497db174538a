import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { load } from "js-yaml";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { widgetDefinition } from "../merge/widget.ts";
import { examples } from "../chapters/every-kind.ts";
import type { Schema } from "./random-values.ts";

/** A kind whose objects are written at random. */
export interface AppliedKind {
  kind: string;
  /** Collection, with the corpus's namespace in it where the kind is namespaced. */
  path: string;
  schema: Schema;
  /** An object that is accepted; what is random comes on top. */
  least: Record<string, any>;
  hasStatus: boolean;
  custom: boolean;
}

export const NAMESPACE = "applied";

/** Kinds whose random objects would change what a server makes of all others. */
const LEFT_OUT = new Set(["ValidatingWebhookConfiguration", "LimitRange", "ResourceQuota", "Namespace", "Endpoints", "PriorityClass"]);
const CRDS = path.resolve(import.meta.dirname, "../../../charts/trireme/crds");

const LEAST: Readonly<Record<string, object>> = {
  Widget: { spec: { name: "w" } },
  Application: { spec: { project: "default", source: { repoURL: "https://git.test/web.git", path: "app" }, destination: { server: "https://kubernetes.default.svc" } } },
  AppProject: { spec: { sourceRepos: ["*"] } },
  Rollout: { spec: { selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "web:1", ports: [{ containerPort: 80 }] }] } } } },
  AnalysisTemplate: { spec: { metrics: [{ name: "rate", provider: {} }] } },
};

/** The definitions that a server must have before the corpus is played. */
export const definitions: readonly any[] = [widgetDefinition, ...readdirSync(CRDS).sort().map((file) => load(readFileSync(path.join(CRDS, file), "utf8")) as any)];

export const appliedKinds: readonly AppliedKind[] = [...builtIn(), ...custom()];

function builtIn(): AppliedKind[] {
  return examples.filter(({ object }) => !LEFT_OUT.has(object["kind"])).map(({ path: at, object }): AppliedKind => {
    const { metadata: _, ...rest } = object;
    const schema = schemaOf(object["apiVersion"], object["kind"]);
    return { kind: object["kind"], path: at.replace("c-every-kind", NAMESPACE), schema, least: { ...rest, metadata: {} }, hasStatus: schema["properties"].status !== undefined && object["kind"] !== "Node", custom: false };
  });
}

function schemaOf(apiVersion: string, kind: string): Schema {
  const [version, group = ""] = apiVersion.split("/").reverse();
  return Object.values(kubernetesSchemas).find((schema: any) => schema["x-kubernetes-group-version-kind"]?.some((one: any) => one.kind === kind && one.version === version && one.group === group)) as Schema;
}

function custom(): AppliedKind[] {
  return definitions.flatMap(({ spec }): AppliedKind[] => {
    const { kind, plural } = spec.names;
    const version = spec.versions[0];
    const least = LEAST[kind as string];
    if (least === undefined) return [];
    return [{ kind, path: `/apis/${spec.group}/${version.name}/namespaces/${NAMESPACE}/${plural}`, schema: version.schema.openAPIV3Schema, least: { apiVersion: `${spec.group}/${version.name}`, kind, metadata: {}, ...least }, hasStatus: version.subresources?.status !== undefined, custom: true }];
  });
}
