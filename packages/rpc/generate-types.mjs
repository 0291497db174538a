// Writes src/internal/{repository,clusters}.ts from proto/trireme: `node packages/rpc/generate-types.mjs`.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const TARGETS = [
  { proto: "trireme/repo/v1/repository.proto", target: "src/internal/repository.ts" },
  { proto: "trireme/controller/v1/clusters.proto", target: "src/internal/clusters.ts" },
];
const SCALARS = { string: "string", bool: "boolean", bytes: "Buffer", double: "number", float: "number" };

for (const { proto, target } of TARGETS) {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, file) => at(`../../proto/${file}`);
  root.loadSync(proto, { keepCase: false, alternateCommentMode: true }).resolveAll();
  const lines = [`/** Written by generate-types.mjs from proto/${proto}; do not edit. */`, "", 'import type { CallContext } from "../handlers.ts";', 'import type { CallOptions } from "./client.ts";', 'import type { Input } from "./input.ts";', ""];
  for (const item of allOf(root)) lines.push(...(item instanceof protobuf.Service ? service(item) : message(item)), "");
  writeFileSync(at(target), `${lines.join("\n").trim()}\n`);
}

function* allOf(namespace) {
  for (const item of namespace.nestedArray) {
    if (item instanceof protobuf.Type || item instanceof protobuf.Service) yield item;
    else if (item instanceof protobuf.Namespace) yield* allOf(item);
  }
}

function message(type) {
  const lines = [...comment(type.comment, ""), `export interface ${type.name} {`];
  for (const oneof of type.oneofsArray) lines.push(`  /** Which of them is set. */`, `  ${oneof.name}?: ${oneof.oneof.map((name) => JSON.stringify(name)).join(" | ")};`);
  for (const field of type.fieldsArray) lines.push(...comment(field.comment, "  "), `  ${field.name}${field.partOf ? "?" : ""}: ${typeOf(field)};`);
  return [...lines, "}"];
}

function service(item) {
  const lower = (name) => name[0].toLowerCase() + name.slice(1);
  const wrap = (method, type) => (method.responseStream ? `AsyncIterable<${type}>` : `Promise<${type}>`);
  const handlers = item.methodsArray.flatMap((m) => [...comment(m.comment, "  "), `  ${m.name}(request: ${m.requestType}, call: CallContext): ${wrap(m, `Input<${m.responseType}>`)};`]);
  const calls = item.methodsArray.flatMap((m) => [...comment(m.comment, "  "), `  ${lower(m.name)}(request: Input<${m.requestType}>, options?: CallOptions): ${wrap(m, m.responseType)};`]);
  const name = item.fullName.slice(1);
  return [
    ...comment(item.comment, ""),
    `export const ${item.name.toUpperCase()}_SERVICE = ${JSON.stringify(name)};`,
    "",
    `/** What a server of ${name} provides. */`,
    `export type ${item.name}Handlers = {`,
    ...handlers,
    "};",
    "",
    `/** What createClient gives for ${name}. */`,
    `export interface ${item.name}Client {`,
    ...calls,
    "}",
  ];
}

function typeOf(field) {
  const element = SCALARS[field.type] ?? (field.resolvedType ? field.resolvedType.name : "number");
  if (field.map) return `Record<string, ${element}>`;
  if (field.repeated) return `${element}[]`;
  return field.resolvedType && !field.partOf ? `${element} | null` : element;
}

function comment(text, indent) {
  if (!text) return [];
  return [`${indent}/** ${text.replaceAll("\n", " ")} */`];
}
