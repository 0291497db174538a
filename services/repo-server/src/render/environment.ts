import type { RecordedInput } from "../source/inputs.ts";

export interface EnvironmentFacts {
  instanceName: string;
  destinationNamespace: string;
  project: string;
  revision: string;
  repoURL: string;
  path: string;
  targetRevision: string;
}

/** Variables that follow the commit: a render that read one is not the same at the next. */
export function followsRevision(variable: string): boolean {
  return variable.startsWith("ARGOCD_APP_REVISION");
}

/** The build environment of one render, `ARGOCD_APP_…`. Which variables were read is recorded as an input. */
export class BuildEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly #read = new Set<string>();

  constructor(facts: EnvironmentFacts) {
    this.variables = {
      ARGOCD_APP_NAME: facts.instanceName,
      ARGOCD_APP_NAMESPACE: facts.destinationNamespace,
      ARGOCD_APP_PROJECT_NAME: facts.project,
      ARGOCD_APP_REVISION: facts.revision,
      ARGOCD_APP_REVISION_SHORT: facts.revision.slice(0, 7),
      ARGOCD_APP_REVISION_SHORT_8: facts.revision.slice(0, 8),
      ARGOCD_APP_SOURCE_REPO_URL: facts.repoURL,
      ARGOCD_APP_SOURCE_PATH: facts.path,
      ARGOCD_APP_SOURCE_TARGET_REVISION: facts.targetRevision,
    };
  }

  /** The variable's value; empty where there is none. */
  value(name: string): string {
    this.#read.add(name);
    return this.variables[name] ?? "";
  }

  get inputs(): RecordedInput[] {
    return [...this.#read].map((name) => ({ repository: 0, kind: "environment", path: name, value: this.variables[name] ?? "" }));
  }

  /** `$NAME` and `${NAME}` become their values, unknown ones nothing, `$$` a dollar; as Go's os.Expand reads them. */
  substitute(text: string): string {
    return text.replace(/\$(?:\{([^}]*)\}|\{|([*#$@!?\-0-9]|[A-Za-z_][A-Za-z0-9_]*))/g, (_whole, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? "";
      return name === "$" ? "$" : name === "" ? "" : this.value(name);
    });
  }
}
