import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import type { KubeClient } from "@trireme/kube";

const CONTROL_PLANE = "argocd";
const CRDS = path.resolve(import.meta.dirname, "../../../charts/trireme/crds");
const partOf = { "app.kubernetes.io/part-of": "argocd" };

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [key: string]: unknown;
}

/** What a control plane needs to find in its cluster; the services fill in the rest (keys, passwords, the default project). */
export async function controlPlaneObjects(): Promise<Manifest[]> {
  const crds = await Promise.all(
    (await readdir(CRDS))
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map(async (name) => parse(await readFile(path.join(CRDS, name), "utf8")) as Manifest),
  );
  const named = (kind: "ConfigMap" | "Secret", name: string): Manifest => ({ apiVersion: "v1", kind, metadata: { name, namespace: CONTROL_PLANE, labels: { ...partOf, "app.kubernetes.io/name": name } } });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: CONTROL_PLANE } },
    ...crds,
    ...["argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm", "argocd-ssh-known-hosts-cm", "argocd-tls-certs-cm", "argocd-gpg-keys-cm"].map((name) => named("ConfigMap", name)),
    named("Secret", "argocd-secret"),
  ];
}

/**
 * Creates what is missing and touches nothing that is there. Says each thing before it is created.
 * Returns how many were created.
 */
export async function setUpControlPlane(client: KubeClient, say: (line: string) => void): Promise<number> {
  const objects = await controlPlaneObjects();
  const present = await Promise.all(
    objects.map((object) => client.find({ group: object.apiVersion.includes("/") ? object.apiVersion.split("/")[0]! : "", kind: object.kind, namespace: object.metadata.namespace ?? "", name: object.metadata.name })),
  );
  const missing = objects.filter((_, index) => present[index] === undefined);
  for (const object of missing) say(`creating ${object.kind} ${object.metadata.namespace === undefined ? "" : `${object.metadata.namespace}/`}${object.metadata.name}`);
  for (const object of missing) {
    try {
      await client.create(object as never, { fieldManager: "trireme-setup" });
    } catch (error) {
      if ((error as { status?: { reason?: string } }).status?.reason !== "AlreadyExists") throw error;
    }
  }
  await established(client, missing.filter((object) => object.kind === "CustomResourceDefinition").map((object) => object.metadata.name));
  return missing.length;
}

/** A definition of many kilobytes takes a busy API server its time. */
const ESTABLISH_MS = 60_000;

async function established(client: KubeClient, names: readonly string[]): Promise<void> {
  const waiting = new Set(names);
  if (waiting.size === 0) return;
  const signal = AbortSignal.timeout(ESTABLISH_MS);
  const gvk = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
  const isEstablished = (crd: Record<string, any>): boolean => (crd["status"]?.conditions ?? []).some((condition: { type: string; status: string }) => condition.type === "Established" && condition.status === "True");
  const list = await client.list(gvk, { signal });
  for (const crd of list.items) if (isEstablished(crd)) waiting.delete(crd.metadata.name!);
  if (waiting.size > 0) {
    try {
      for await (const event of client.watch(gvk, { resourceVersion: list.metadata.resourceVersion!, signal })) {
        if (event.type === "ADDED" || event.type === "MODIFIED") if (isEstablished(event.object)) waiting.delete(event.object.metadata.name!);
        if (waiting.size === 0) break;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (waiting.size > 0) throw new Error(`not established after ${ESTABLISH_MS / 1000} s: ${[...waiting].join(", ")}`);
  }
  await client.discovery({ refresh: true });
}
