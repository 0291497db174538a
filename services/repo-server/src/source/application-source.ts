import { AppError, Code } from "@trireme/runtime";

/** The parts of Argo CD's ApplicationSource that rendering reads; in its JSON. */
export interface ApplicationSource {
  repoURL?: string;
  path?: string;
  targetRevision?: string;
  tagPrefix?: string;
  chart?: string;
  ref?: string;
  name?: string;
  helm?: HelmSource | null;
  kustomize?: KustomizeSource | null;
  directory?: DirectorySource | null;
  plugin?: { name?: string; [key: string]: unknown } | null;
}

export interface HelmSource {
  releaseName?: string;
  valueFiles?: string[];
  values?: string;
  valuesObject?: Record<string, unknown>;
  parameters?: { name?: string; value?: string; forceString?: boolean }[];
  fileParameters?: { name?: string; path?: string }[];
  version?: string;
  passCredentials?: boolean;
  ignoreMissingValueFiles?: boolean;
  skipCrds?: boolean;
  skipTests?: boolean;
  skipSchemaValidation?: boolean;
  namespace?: string;
  kubeVersion?: string;
  apiVersions?: string[];
}

export interface KustomizeSource {
  namePrefix?: string;
  nameSuffix?: string;
  images?: string[];
  replicas?: { name: string; count: number | string }[];
  commonLabels?: Record<string, string>;
  commonAnnotations?: Record<string, string>;
  commonAnnotationsEnvsubst?: boolean;
  forceCommonLabels?: boolean;
  forceCommonAnnotations?: boolean;
  labelWithoutSelector?: boolean;
  labelIncludeTemplates?: boolean;
  namespace?: string;
  patches?: { path?: string; patch?: string; target?: Record<string, string>; options?: Record<string, boolean> }[];
  components?: string[];
  ignoreMissingComponents?: boolean;
  version?: string;
  kubeVersion?: string;
  apiVersions?: string[];
}

export interface DirectorySource {
  recurse?: boolean;
  include?: string;
  exclude?: string;
  jsonnet?: Record<string, unknown>;
}

export type SourceType = "Directory" | "Helm" | "Kustomize" | "Plugin";

export function parseSource(json: Uint8Array): ApplicationSource {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString("utf8");
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("it is not an object");
    return value;
  } catch (cause) {
    throw new AppError(`application source is not JSON: ${(cause as Error).message}`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never", cause });
  }
}

/** The type that the source names itself. @throws AppError where it names two. */
export function explicitType(source: ApplicationSource): SourceType | undefined {
  const named = (["Kustomize", "Helm", "Directory", "Plugin"] as const).filter((type) => {
    const block = source[({ Kustomize: "kustomize", Helm: "helm", Directory: "directory", Plugin: "plugin" } as const)[type]];
    return block !== undefined && block !== null;
  });
  if (named.length > 1) throw new AppError(`multiple application sources defined: ${named.join(",")}`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  return named[0];
}
