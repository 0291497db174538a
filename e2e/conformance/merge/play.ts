import type { KubeObject } from "@trireme/api";
import type { RecordedWrite } from "@trireme/gitops/testing";
import type { KubeClient } from "@trireme/kube";
import { type PlayedKind, playedKinds } from "./kinds.ts";
import { Random } from "./random.ts";
import { widgetDefinition } from "./widget.ts";

const JSON_TYPE = "application/json";
const PATCH_TYPES = { apply: "application/apply-patch+yaml", merge: "application/merge-patch+json", json: "application/json-patch+json", strategic: "application/strategic-merge-patch+json" } as const;

/** Makes the namespace and the custom resource that the games are played in. */
export async function prepare(client: KubeClient, namespace: string): Promise<void> {
  await send(client, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", widgetDefinition, JSON_TYPE);
  await send(client, "POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, JSON_TYPE);
  for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const { status } = await send(client, "GET", `/apis/test.example/v1/namespaces/${namespace}/widgets`, undefined, JSON_TYPE);
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`widgets are not served after 30 s: ${status}`);
  }
}

/** Random writes by several managers to objects of every kind, one object after the other, with what the server said to each. */
export async function* play(client: KubeClient, namespace: string, options: { seed: number; objects: number; writes: number }): AsyncGenerator<RecordedWrite> {
  const random = new Random(options.seed);
  for (let number = 0; number < options.objects; number++) {
    const kind = playedKinds[number % playedKinds.length]!;
    yield* game(client, namespace, kind, `o${number}`, options.writes, random);
  }
}

async function* game(client: KubeClient, namespace: string, kind: PlayedKind, name: string, writes: number, random: Random): AsyncGenerator<RecordedWrite> {
  const collection = `${kind.apiVersion.includes("/") ? "/apis" : "/api"}/${kind.apiVersion}/namespaces/${namespace}/${kind.resource}`;
  let live: KubeObject | undefined;
  for (let count = 0; count < writes; count++) {
    const move = nextMove(kind, name, live, random);
    if (move === undefined) continue;
    const path = `${live === undefined && move.method === "POST" ? collection : `${collection}/${name}`}${move.subresource ? "/status" : ""}?fieldManager=${move.manager}${move.force ? "&force=true" : ""}`;
    const { status, body } = await send(client, move.method, path, move.sent, move.type);
    yield {
      kind: kind.kind,
      verb: move.type === PATCH_TYPES.apply ? "apply" : "write",
      ...(move.subresource && { subresource: "status" as const }),
      manager: move.manager,
      ...(move.force && { force: true }),
      sent: move.sent,
      before: live,
      status,
      after: body,
    };
    if (status < 300) live = body;
  }
  await send(client, "PATCH", `${collection}/${name}`, { metadata: { finalizers: null } }, PATCH_TYPES.merge);
  await send(client, "DELETE", `${collection}/${name}`, undefined, JSON_TYPE);
}

interface Move {
  method: "POST" | "PUT" | "PATCH";
  type: string;
  manager: string;
  force?: boolean;
  subresource?: boolean;
  sent: any;
}

function nextMove(kind: PlayedKind, name: string, live: KubeObject | undefined, random: Random): Move | undefined {
  const desired = (most: number): any => {
    const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, ...kind.least() };
    for (let left = random.below(most); left > 0; left--) random.pick(kind.parts)(object, random);
    return object;
  };
  const choices = live === undefined ? ["apply", "apply", "create"] : ["apply", "apply", "apply", "apply", "update", "update", "merge", "json", "strategic", "status", "status-apply", "forget"];
  switch (random.pick(choices)) {
    case "apply":
      return { method: "PATCH", type: PATCH_TYPES.apply, manager: random.pick(["argocd-controller", "kubectl", "other"]), force: random.chance(0.6), sent: desired(4) };
    case "create":
      return { method: "POST", type: JSON_TYPE, manager: "creator", sent: desired(4) };
    case "update": {
      const sent = structuredClone(live!);
      for (let left = 1 + random.below(2); left > 0; left--) random.pick(kind.parts)(sent, random);
      return { method: "PUT", type: JSON_TYPE, manager: random.pick(["editor", "argocd-controller", "m1", "m2"]), sent };
    }
    case "merge":
      return { method: "PATCH", type: PATCH_TYPES.merge, manager: "merger", sent: { metadata: { labels: random.pick<any>([{ a: "m" }, { a: null }, null]) }, ...(live!["spec"] && { spec: desired(3).spec }) } };
    case "json":
      return { method: "PATCH", type: PATCH_TYPES.json, manager: "patcher", sent: [{ op: "add", path: "/metadata/labels", value: { j: random.pick(["1", "2"]) } }] };
    case "strategic": {
      if (kind.kind === "Widget") return undefined;
      const { apiVersion: _version, kind: _kind, ...sent } = desired(4);
      return { method: "PATCH", type: PATCH_TYPES.strategic, manager: "kubectl-client-side-apply", sent };
    }
    case "status": {
      if (kind.statusParts === undefined) return undefined;
      const sent = structuredClone(live!);
      random.pick(kind.statusParts)(sent, random);
      return { method: "PUT", type: JSON_TYPE, manager: "controller", subresource: true, sent };
    }
    case "status-apply": {
      if (kind.statusParts === undefined) return undefined;
      const sent: any = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name } };
      random.pick(kind.statusParts)(sent, random);
      return { method: "PATCH", type: PATCH_TYPES.apply, manager: "applier", subresource: true, force: random.chance(0.5), sent };
    }
    default:
      return random.chance(0.7) ? undefined : { method: "PATCH", type: PATCH_TYPES.merge, manager: "eraser", sent: { metadata: { managedFields: [{}] } } };
  }
}

async function send(client: KubeClient, method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: unknown, type: string): Promise<{ status: number; body: any }> {
  const response = await client.raw({ method, path, headers: { accept: JSON_TYPE, "content-type": type }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const answer = await response.text();
  return { status: response.status, body: answer === "" ? {} : JSON.parse(answer) };
}
