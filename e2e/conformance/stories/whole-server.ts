import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startWholeCluster } from "@trireme/dev-cluster";
import { startNodes, type NodesOptions } from "@trireme/dev-cluster/nodes";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { startControlPlane } from "../../control-plane/control-plane.ts";
import type { ClusterKind } from "../../support/stack.ts";
import { serverOf, type Server } from "../server.ts";

const NODES: NodesOptions = { brokenImages: ["broken", "crash=crash"], backoffMs: 300, serveKubelet: true };

/** An API server with its controllers and one simulated node. `stops` gets the ways to end it, in order. */
export async function wholeServer(kind: ClusterKind, stops: (() => Promise<unknown>)[]): Promise<Server> {
  const server = await serverOf(kind === "real" ? await real(stops) : await dev(stops));
  stops.push(async () => server[Symbol.dispose]());
  return server;
}

async function real(stops: (() => Promise<unknown>)[]): Promise<string> {
  const controlPlane = await startControlPlane();
  stops.push(() => controlPlane.stop());
  const client = createKubeClient({ connection: await loadKubeconfig(controlPlane.kubeconfig) });
  stops.push(() => client.close());
  const nodes = await startNodes(client, NODES);
  stops.push(async () => nodes[Symbol.asyncDispose]());
  return controlPlane.kubeconfig;
}

async function dev(stops: (() => Promise<unknown>)[]): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "trireme-stories-"));
  stops.push(() => rm(dir, { recursive: true, force: true }));
  const cluster = await startWholeCluster({ nodes: NODES });
  stops.push(() => cluster.stop());
  const kubeconfig = path.join(dir, "kubeconfig");
  cluster.writeKubeconfig(kubeconfig);
  return kubeconfig;
}
