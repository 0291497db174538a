import { fromJSON, type PackageDefinition } from "@grpc/proto-loader";
import type protobuf from "protobufjs";
import { publicContract } from "./contract.ts";

/** All that reflection tells of the public services: every folder in one, since a client asks by name alone. */
export function publicDefinitions(): PackageDefinition {
  const all = Object.values(publicContract().roots).map((root) => root.toJSON());
  return fromJSON(all.reduce(merged), { keepCase: true });
}

/** Namespaces are joined; what two folders both know is the same in both. */
function merged(a: protobuf.INamespace, b: protobuf.INamespace): protobuf.INamespace {
  const nested = { ...a.nested };
  for (const [name, item] of Object.entries(b.nested ?? {})) {
    const known = nested[name];
    nested[name] = known !== undefined && isNamespace(known) && isNamespace(item) ? merged(known, item) : (known ?? item);
  }
  return { ...b, ...a, nested };
}

function isNamespace(item: protobuf.AnyNestedObject): item is protobuf.INamespace {
  return !("fields" in item) && !("methods" in item) && !("values" in item) && "nested" in item;
}
