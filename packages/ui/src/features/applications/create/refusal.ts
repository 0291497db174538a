import type { ApplicationSource } from "@trireme/api/argo";

/** Fields of the form that the server may name. */
export type FormField = "name" | "project" | "repoURL" | "targetRevision" | "path" | "chart" | "cluster" | "namespace";
const OF_SOURCES: readonly FormField[] = ["repoURL", "targetRevision", "path", "chart"];

/** Which field a sentence of the server speaks of; the first that fits. */
const SPOKEN: readonly [RegExp, FormField][] = [
  [/metadata\.name\b|resource name may not be empty|existing application spec is different/, "name"],
  [/is not allowed in project .* or the project does not exist/, "project"],
  [/application repo .* is not permitted|not accessible|\.repoURL is required|spec\.source and spec\.sources are both missing/, "repoURL"],
  [/destination server '.*' and namespace '.*' do not match|spec\.destination\.namespace/, "namespace"],
  [/getting cluster by server|no clusters with this name|clusters with the same name|destination server missing|both name and server|spec\.destination is missing/i, "cluster"],
  [/unable to resolve '|has no commit|targetRevision|remote ref/, "targetRevision"],
  [/chart '.*' not found|path, chart or ref is required/, "chart"],
  [/app path|spec\.source\.path|Unable to generate manifests/, "path"],
];

export interface Refusal {
  /** What each field is refused for; of a source by its place. */
  fields: Partial<Record<FormField, string>>;
  /** Place of the source that is spoken of. */
  source: number;
  /** What speaks of no field. */
  rest: string[];
}

/** An answer of the server, taken apart into the fields that it names. */
export function refusalOf(message: string, sources: readonly ApplicationSource[]): Refusal {
  const refusal: Refusal = { fields: {}, source: 0, rest: [] };
  for (const sentence of message.replace(/^application spec for \S* is invalid: /, "").split(/;(?=InvalidSpecError: )/)) {
    const reason = plainReason(sentence);
    const field = SPOKEN.find(([pattern]) => pattern.test(reason))?.[1];
    if (field === undefined) refusal.rest.push(reason);
    else refusal.fields[field] = [refusal.fields[field], reason].filter(Boolean).join("; ");
    if (field !== undefined && OF_SOURCES.includes(field)) refusal.source = sourceIn(reason, sources);
  }
  const { path, ...others } = refusal.fields;
  const chart = sources[refusal.source]?.chart;
  // What is said of a path is said of the chart where there is one.
  return path === undefined || chart === undefined || chart === null ? refusal : { ...refusal, fields: { ...others, chart: path } };
}

function sourceIn(reason: string, sources: readonly ApplicationSource[]): number {
  const numbered = /spec\.sources\[(\d+)\]/.exec(reason)?.[1];
  if (numbered !== undefined) return Number(numbered);
  const named = sources.findIndex(({ repoURL, path }) => (path && reason.includes(`manifests in ${path}:`)) || (repoURL && reason.includes(repoURL)));
  return Math.max(0, named);
}

/** The reason alone, without what stands before it for tools. */
function plainReason(sentence: string): string {
  return /strict decoding error: .*$/s.exec(sentence)?.[0] ?? sentence.replace(/^InvalidSpecError: /, "").replace(/rpc error: code = \w+ desc = /, "");
}
