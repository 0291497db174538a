import type { Reader, Writer } from "protobufjs";
import { dump, load } from "js-yaml";
import { AppError, Code } from "@trireme/runtime";
import { eachField, mismatch, type SpecialType } from "./wire.ts";

interface IgnoreDifferences {
  jqPathExpressions: string[] | null;
  jsonPointers: string[] | null;
  managedFieldsManagers: string[] | null;
}

/** Field numbers of OverrideIgnoreDiff. */
const LISTS: readonly [keyof IgnoreDifferences, number][] = [
  ["jqPathExpressions", 2],
  ["jsonPointers", 1],
  ["managedFieldsManagers", 3],
];
const DIFFERENCES: readonly [string, number][] = [
  ["ignoreDifferences", 2],
  ["ignoreResourceUpdates", 6],
];
/** JSON name -> number and kind of the plain fields. */
const PLAIN: readonly [string, number, "string" | "boolean"][] = [
  ["health.lua", 1, "string"],
  ["health.lua.useOpenLibs", 5, "boolean"],
  ["actions", 3, "string"],
];

/**
 * One entry of settings' resourceOverrides. Its JSON holds the two ignore blocks as YAML texts
 * (an object of lists is taken as well); its message holds them as messages.
 */
export const RESOURCE_OVERRIDE: SpecialType = {
  zero: {},
  shape(json, path) {
    if (typeof json !== "object" || json === null) throw mismatch(path, json, "object");
    const source = json as Record<string, unknown>;
    const shown: Record<string, unknown> = {};
    for (const [name] of PLAIN) if (source[name]) shown[name] = source[name];
    for (const [name] of DIFFERENCES) shown[name] = yamlOf(listsOf(source[name], `${path}.${name}`));
    if (Array.isArray(source["knownTypeFields"]) && source["knownTypeFields"].length > 0) shown["knownTypeFields"] = source["knownTypeFields"];
    return shown;
  },
  encode(json: Record<string, unknown>, writer: Writer) {
    for (const [name, number, kind] of PLAIN) {
      if (kind === "string" && json[name]) writer.uint32((number << 3) | 2).string(json[name] as string);
      if (kind === "boolean" && json[name]) writer.uint32(number << 3).bool(true);
    }
    for (const [name, number] of DIFFERENCES) {
      const lists = listsOf(json[name], name);
      writer.uint32((number << 3) | 2).fork();
      for (const [list, item] of LISTS) for (const value of lists[list] ?? []) writer.uint32((item << 3) | 2).string(value);
      writer.ldelim();
    }
    for (const known of (json["knownTypeFields"] as { field?: string; type?: string }[] | undefined) ?? []) {
      writer.uint32((4 << 3) | 2).fork().uint32(10).string(known.field ?? "").uint32(18).string(known.type ?? "").ldelim();
    }
  },
  decode(reader: Reader, end: number) {
    const json: Record<string, unknown> = {};
    const known: Record<string, string>[] = [];
    eachField(reader, end, (number) => {
      const plain = PLAIN.find(([, n]) => n === number);
      const differences = DIFFERENCES.find(([, n]) => n === number);
      if (plain) json[plain[0]] = plain[2] === "string" ? reader.string() : reader.bool();
      else if (differences) json[differences[0]] = decodeLists(reader);
      else if (number === 4) known.push(decodeKnownType(reader));
      else return false;
      return true;
    });
    return RESOURCE_OVERRIDE.shape({ ...json, knownTypeFields: known }, "ResourceOverride");
  },
};

function listsOf(value: unknown, path: string): IgnoreDifferences {
  let parsed = value;
  if (typeof value === "string") {
    try {
      parsed = load(value);
    } catch (cause) {
      throw new AppError(`${path} is not YAML: ${(cause as Error).message}`, { reason: "InvalidYaml", code: Code.InvalidArgument, retry: "never", cause });
    }
  }
  const lists = (parsed ?? {}) as Partial<IgnoreDifferences>;
  return { jqPathExpressions: lists.jqPathExpressions ?? null, jsonPointers: lists.jsonPointers ?? null, managedFieldsManagers: lists.managedFieldsManagers ?? null };
}

function yamlOf(lists: IgnoreDifferences): string {
  return dump(lists, { seqNoIndent: true, lineWidth: -1 });
}

function decodeLists(reader: Reader): IgnoreDifferences {
  const lists: IgnoreDifferences = { jqPathExpressions: null, jsonPointers: null, managedFieldsManagers: null };
  eachField(reader, reader.uint32() + reader.pos, (number) => {
    const list = LISTS.find(([, n]) => n === number)?.[0];
    if (!list) return false;
    (lists[list] ??= []).push(reader.string());
    return true;
  });
  return lists;
}

function decodeKnownType(reader: Reader): Record<string, string> {
  const known: Record<string, string> = {};
  eachField(reader, reader.uint32() + reader.pos, (number) => {
    const name = number === 1 ? "field" : number === 2 ? "type" : undefined;
    if (!name) return false;
    known[name] = reader.string();
    return true;
  });
  return known;
}
