import { spawnSync } from "node:child_process";

/** Why no real control plane can be had on this machine; `undefined` where it can. */
export function controlPlaneObstacle(): string | undefined {
  if ((process.env["KUBEBUILDER_ASSETS"] ?? "") !== "") return undefined;
  const go = spawnSync("go", ["version"], { encoding: "utf8" });
  return go.status === 0 ? undefined : "Go is not on PATH and KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kube-controller-manager";
}
