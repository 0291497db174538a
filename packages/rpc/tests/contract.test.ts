import { readFileSync } from "node:fs";
import type protobuf from "protobufjs";
import { publicContract } from "../src/public/contract.ts";

interface ContractField {
  n: number;
  name: string;
  type: string;
  repeated?: true;
  required?: true;
}
interface ContractMethod {
  request: string;
  response: string;
  requestStream?: true;
  responseStream?: true;
  http: Record<string, unknown>[] | Record<string, never>;
}
interface Contract {
  syntaxByPackage: Record<string, string>;
  services: Record<string, Record<string, ContractMethod>>;
  messages: Record<string, ContractField[]>;
}

const { roots, methods } = publicContract();

describe.each([
  { folder: "argocd", data: "argo-cd-api.json" },
  { folder: "argo-rollouts", data: "argo-rollouts-api.json" },
] as const)("proto/$folder", ({ folder, data }) => {
  const root = roots[folder];
  const contract = JSON.parse(readFileSync(new URL(`../data/${data}`, import.meta.url), "utf8")) as Contract;

  it("has every message with the numbers, names, types and labels of the contract", () => {
    for (const [name, fields] of Object.entries(contract.messages)) {
      const found = root.lookupType(name).fieldsArray.map(asContract);
      expect({ [name]: found }).toEqual({ [name]: fields.map(({ type, ...field }) => ({ ...field, type: type.replace(/,\s+/, ",") })) });
    }
  });

  it("has no message that the contract lacks", () => {
    const known = new Set(Object.keys(contract.messages));
    const extra = [...typesOf(root)].map((type) => type.fullName.slice(1)).filter((name) => !known.has(name) && !name.startsWith("google."));
    expect(extra).toEqual([]);
  });

  it("has every method with its messages, streams and HTTP rules", () => {
    const found: Record<string, Record<string, unknown>> = {};
    for (const method of methods.filter(({ service }) => root.lookup(service) !== null)) {
      const rules = method.http.map(({ verb, template, body }) => ({ [verb.toLowerCase()]: template, ...(body !== undefined && { body }) }));
      (found[method.service] ??= {})[method.name] = { request: method.request.name, response: method.response.name, requestStream: method.requestStream, responseStream: method.responseStream, http: rules };
    }
    const wanted = Object.fromEntries(
      Object.entries(contract.services).map(([service, rpcs]) => [
        service,
        Object.fromEntries(Object.entries(rpcs).map(([name, rpc]) => [name, { request: rpc.request, response: rpc.response, requestStream: rpc.requestStream ?? false, responseStream: rpc.responseStream ?? false, http: flatRules(rpc.http) }])),
      ]),
    );
    expect(found).toEqual(wanted);
  });

  it("has the syntax of each package, on which presence and packing depend", () => {
    for (const [name, syntax] of Object.entries(contract.syntaxByPackage)) {
      const text = readFileSync(new URL(`../../../proto/${folder}/${name}.proto`, import.meta.url), "utf8");
      expect({ [name]: /^syntax = "(\w+)";/.exec(text)?.[1] }).toEqual({ [name]: syntax });
    }
  });
});

describe("messages that two folders know", () => {
  it("are the same in both, so that either may describe them", () => {
    const [first, second] = [roots.argocd, roots["argo-rollouts"]].map((root) => new Map([...typesOf(root)].map((type) => [type.fullName, type.fieldsArray.map(asContract)])));
    const common = [...first!.keys()].filter((name) => second!.has(name));
    expect(common.length).toBeGreaterThan(5);
    for (const name of common) expect({ [name]: second!.get(name) }).toEqual({ [name]: first!.get(name) });
  });
});

function asContract(field: protobuf.Field): ContractField {
  const { resolvedType } = field.resolve();
  const element = resolvedType ? resolvedType.fullName.slice(1) : field.type;
  return {
    n: field.id,
    name: field.name,
    type: field.map ? `map<${(field as unknown as protobuf.MapField).keyType},${element}>` : element,
    ...(field.repeated && { repeated: true as const }),
    ...(field.required && { required: true as const }),
  };
}

function flatRules(http: ContractMethod["http"]): Record<string, unknown>[] {
  const rules = Array.isArray(http) ? http : [];
  return rules.flatMap(({ additional_bindings: more, ...rule }) => [rule, ...[more ?? []].flat()]) as Record<string, unknown>[];
}

function* typesOf(namespace: protobuf.NamespaceBase): Generator<protobuf.Type> {
  for (const item of namespace.nestedArray) {
    if ("fieldsArray" in item) yield item as protobuf.Type;
    if ("nestedArray" in item) yield* typesOf(item as protobuf.NamespaceBase);
  }
}
