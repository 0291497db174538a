import { VERSION } from "../../version.ts";
import { everybody, unary, type Rpc } from "../rpc.ts";

/** Everybody learns which API this is; what it is made of, those who are signed in. */
const version = unary(everybody, async (_request, { caller, ctx }) => {
  if (caller.identity === undefined && !ctx.config.disableAuth) return { Version: VERSION.compatible };
  return { Version: VERSION.compatible, GitTag: VERSION.own, Compiler: "node", GoVersion: `node ${process.versions.node}`, Platform: `${process.platform}/${process.arch}`, KustomizeVersion: VERSION.kustomize, HelmVersion: VERSION.helm, KubectlVersion: VERSION.kubectl };
});

export const versionService: Record<string, Rpc> = { Version: version };
