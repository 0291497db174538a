import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { AppError, Code } from "@trireme/runtime";
import type { ServiceDefinition } from "../grpc/serve-methods.ts";

/** Every `.proto` between the services. */
const FILES = ["trireme/repo/v1/repository.proto", "trireme/controller/v1/clusters.proto"];

let loaded: PackageDefinition | undefined;

/** The services between the three processes. Names in lowerCamelCase, int64 as number, bytes as Buffer, defaults filled; an unset message is null. */
export function internalProtos(): PackageDefinition {
  loaded ??= loadSync(FILES, { includeDirs: [protoFolder()], keepCase: false, longs: Number, enums: String, defaults: true, oneofs: true });
  return loaded;
}

/** @throws AppError UnknownService. */
export function internalService(name: string): ServiceDefinition {
  const definition = internalProtos()[name];
  if (!definition || "format" in definition) throw new AppError(`no proto describes service ${name}`, { reason: "UnknownService", code: Code.Internal, retry: "never" });
  return definition;
}

/** The folder `proto/`, above the sources and above a bundle alike. */
export function protoFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, "proto");
    if (existsSync(join(candidate, "trireme"))) return candidate;
    if (folder === dirname(folder)) throw new AppError(`no folder proto/ above ${fileURLToPath(import.meta.url)}`, { reason: "ProtoMissing", code: Code.Internal, retry: "never" });
  }
}
