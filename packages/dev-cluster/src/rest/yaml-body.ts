import { GO_SCHEMA } from "@trireme/api";
import { load } from "js-yaml";

/** A YAML body by the server's scalar rules, the last of duplicate keys winning; what the server's parser says of the first duplicate. */
export function parseYamlBody(text: string): { value: unknown; duplicates: string[] } {
  return { value: load(text, { schema: GO_SCHEMA, json: true }), duplicates: duplicatesOf(text) };
}

function duplicatesOf(text: string): string[] {
  try {
    load(text, { schema: GO_SCHEMA });
    return [];
  } catch (error) {
    const at = /duplicated mapping key \((\d+):(\d+)\)/.exec((error as Error).message);
    if (!at) return [];
    const key = /^\s*(?:- )*\s*["']?([^"':]+)/.exec(text.split("\n")[Number(at[1]) - 1]!.slice(Number(at[2]) - 1))?.[1] ?? "";
    return [`yaml: unmarshal errors:\n  line ${at[1]}: key ${JSON.stringify(key.trim())} already set in map`];
  }
}
