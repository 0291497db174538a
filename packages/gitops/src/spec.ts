import type { Application, ApplicationCondition, ApplicationSource } from "@trireme/api/argo";
import { sourcesOf } from "./application.ts";

const REF_NAME = /^[a-zA-Z0-9_-]+$/;

/** What is wrong with a spec before anybody is asked about it, each with its field. Empty: nothing. */
export function specProblems(app: Application): ApplicationCondition[] {
  const problems: ApplicationCondition[] = [];
  const add = (message: string) => problems.push({ type: "InvalidSpecError", message });
  const { destination } = app.spec;
  const sources = sourcesOf(app.spec);
  if (destination === undefined || destination === null) add("spec.destination is missing");
  else if (destination.server && destination.name) add(`application destination can't have both name and server defined: ${destination.name} ${destination.server}`);
  else if (!destination.server && !destination.name) add("Destination server missing from app spec");
  if (sources.length === 0) add("spec.source and spec.sources are both missing");

  const refs = new Set<string>();
  const many = sources.length > 1 || (app.spec.sources?.length ?? 0) > 0;
  for (const [index, source] of sources.entries()) {
    const where = many ? `spec.sources[${index}]` : "spec.source";
    if (!source.repoURL) add(`${where}.repoURL is required`);
    if (!source.path && !source.chart && !(many && source.ref)) add(many ? `${where}: path, chart or ref is required` : "spec.source.repoURL and either spec.source.path or spec.source.chart are required");
    if (source.chart && !source.targetRevision) add(`${where}.targetRevision is required if the manifest source is a helm chart`);
    const kinds = explicitTypes(source);
    if (kinds.length > 1) add(`${where}: multiple application sources defined: ${kinds.join(",")}`);
    if (source.ref !== undefined && source.ref !== "") {
      if (!REF_NAME.test(source.ref)) add(`${where}.ref '${source.ref}' may only hold letters, digits, '_' and '-'`);
      if (refs.has(source.ref)) add(`${where}.ref '${source.ref}' is used twice`);
      refs.add(source.ref);
    }
  }
  return problems;
}

function explicitTypes(source: ApplicationSource): string[] {
  const types: [string, unknown][] = [["Kustomize", source.kustomize], ["Helm", source.helm], ["Directory", source.directory], ["Plugin", source.plugin]];
  return types.filter(([, value]) => value !== undefined && value !== null).map(([name]) => name);
}
