import type { RepositoryAccess } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import type { Config } from "../config.ts";
import type { ToolParameters } from "../render/render-source.ts";
import { type ApplicationSource, parseSource } from "../source/application-source.ts";

/** A source as a handler works with it. */
export interface AskedSource {
  access: RepositoryAccess;
  source: ApplicationSource;
  /** Exact revision that the caller insists on; empty: resolve the target. */
  revision: string;
}

export function askedSource(source: rpc.Source): AskedSource {
  const parsed = parseSource(source.sourceJson);
  const access = askedRepository(source.repository, parsed.repoURL);
  return { access, source: parsed, revision: source.revision };
}

export function askedRepository(access: rpc.RepositoryAccess | null, fallbackUrl = ""): RepositoryAccess {
  const url = access?.url || fallbackUrl;
  if (url === "") throw new AppError("the request names no repository", { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
  return { ...access, url };
}

export function toolParameters(tools: rpc.ToolSettings | null, config: Config): ToolParameters {
  const size = tools?.maxCombinedDirectoryManifestsSize ?? 0;
  return {
    kustomizeDisabled: tools?.kustomizeDisabled ?? false,
    helmDisabled: tools?.helmDisabled ?? false,
    jsonnetDisabled: tools?.jsonnetDisabled ?? false,
    kustomizeBuildOptions: tools?.kustomizeBuildOptions ?? "",
    kustomizeVersions: tools?.kustomizeVersions ?? {},
    ...(tools?.hasHelmValuesFileSchemes === true ? { helmValuesFileSchemes: tools.helmValuesFileSchemes } : {}),
    maxCombinedManifestBytes: size === 0 ? config.maxCombinedManifestBytes : Math.max(0, size),
  };
}

/** A source that only lends its files to others. */
export function isRefOnly(source: ApplicationSource): boolean {
  return (source.ref ?? "") !== "" && (source.path ?? "") === "" && (source.chart ?? "") === "";
}
