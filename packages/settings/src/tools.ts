export interface ToolSettings {
  kustomize: { enabled: boolean; buildOptions: string; versions: { name: string; path: string; buildOptions?: string }[] };
  helm: { enabled: boolean; valuesFileSchemes: string[] };
  jsonnet: { enabled: boolean };
}

/** Which rendering tools may be used, and how. */
export function parseTools(config: Record<string, string>): ToolSettings {
  const enabled = (key: string) => (config[key] ?? "") === "" || config[key] === "true";
  const schemes = config["helm.valuesFileSchemes"];
  return {
    kustomize: { enabled: enabled("kustomize.enable"), buildOptions: config["kustomize.buildOptions"] ?? "", versions: kustomizeVersions(config) },
    helm: { enabled: enabled("helm.enable"), valuesFileSchemes: schemes === undefined ? ["https", "http"] : schemes.split(",").map((one) => one.trim()).filter((one) => one !== "") },
    jsonnet: { enabled: enabled("jsonnet.enable") },
  };
}

function kustomizeVersions(config: Record<string, string>): ToolSettings["kustomize"]["versions"] {
  const versions = new Map<string, { name: string; path: string; buildOptions?: string }>();
  for (const [key, path] of Object.entries(config)) {
    const name = /^kustomize\.(?:path|version)\.(.+)$/.exec(key)?.[1];
    if (name !== undefined) versions.set(name, { name, path, ...(config[`kustomize.buildOptions.${name}`] !== undefined && { buildOptions: config[`kustomize.buildOptions.${name}`]! }) });
  }
  return [...versions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
