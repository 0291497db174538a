import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startDevCluster } from "@trireme/dev-cluster";
import { startControlPlane } from "../control-plane/control-plane.ts";
import type { ClusterKind } from "../support/stack.ts";
import { serverOf, type Server } from "./server.ts";

/** An API server without controllers: what it says must not depend on who else is at work. `stops` gets the ways to end it, in order. */
export async function serverAlone(kind: ClusterKind, stops: (() => Promise<unknown>)[]): Promise<Server> {
  const { kubeconfig, forget } = kind === "real" ? await realServer(stops) : await devServer(stops);
  const server = await serverOf(kubeconfig, forget);
  stops.push(async () => server[Symbol.dispose]());
  return server;
}

interface Known {
  kubeconfig: string;
  forget: () => Promise<void>;
}

async function realServer(stops: (() => Promise<unknown>)[]): Promise<Known> {
  const real = await startControlPlane({ controllers: false });
  stops.push(() => real.stop());
  return { kubeconfig: real.kubeconfig, forget: () => real.compact() };
}

async function devServer(stops: (() => Promise<unknown>)[]): Promise<Known> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "trireme-conformance-"));
  stops.push(() => rm(dir, { recursive: true, force: true }));
  const dev = await startDevCluster();
  stops.push(() => dev.stop());
  const kubeconfig = path.join(dir, "kubeconfig");
  dev.writeKubeconfig(kubeconfig);
  return { kubeconfig, forget: async () => dev.context.store.compact() };
}
