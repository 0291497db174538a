import { dump } from "js-yaml";
import { GO_SCHEMA } from "./go-schema.ts";

/** YAML as Go's writer lays it out: sorted keys, no line folding, no aliases. */
export function writeYaml(value: unknown): string {
  return dump(value, { schema: GO_SCHEMA, sortKeys: true, lineWidth: -1, noRefs: true, seqNoIndent: true });
}
