import { readdirSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { AppError, Code } from "@trireme/runtime";
import type { MethodDefinition, ServiceDefinition } from "../grpc/serve-methods.ts";
import { protoFolder } from "../internal/protos.ts";
import { decode } from "../json/decode.ts";
import { encode } from "../json/encode.ts";
import { Plans, type MessagePlan } from "../json/plan.ts";

/** One public RPC: its messages, and where REST finds it. */
export interface PublicMethod {
  /** `application.ApplicationService`. */
  service: string;
  /** `List`. */
  name: string;
  request: MessagePlan;
  response: MessagePlan;
  requestStream: boolean;
  responseStream: boolean;
  http: HttpRule[];
}

export interface HttpRule {
  verb: string;
  /** `/api/v1/clusters/{id.value}`. */
  template: string;
  /** A field of the request, `*` for all of it, undefined for none. */
  body: string | undefined;
}

export interface PublicContract {
  /** What each folder of `proto/` holds; where two know a message, they know it alike. */
  roots: Record<PublicFolder, protobuf.Root>;
  plans: readonly Plans[];
  methods: PublicMethod[];
  /** `package.Service/Method` -> method. */
  byPath: Map<string, PublicMethod>;
}

/** What the public doors speak: Argo CD's API, the rollouts dashboard's, and what is ours. Each is complete in itself. */
const FOLDERS = ["argocd", "argo-rollouts", "trireme/v1"] as const;
export type PublicFolder = (typeof FOLDERS)[number];

let loaded: PublicContract | undefined;

/** What the public folders of `proto/` say, loaded once. */
export function publicContract(): PublicContract {
  loaded ??= load();
  return loaded;
}

/** The plan of a message by its full proto name, for tests and fragments. */
export function messagePlan(name: string): MessagePlan {
  const found = publicContract().plans.find((plans) => plans.has(name));
  if (found === undefined) throw new AppError(`no public proto describes message ${name}`, { reason: "UnknownMessage", code: Code.Internal, retry: "never" });
  return found.of(name);
}

/** What grpc-js needs to serve one public service. */
export function publicDefinition(service: string): ServiceDefinition {
  const methods = publicContract().methods.filter((method) => method.service === service);
  if (methods.length === 0) throw new AppError(`no public proto describes service ${service}`, { reason: "UnknownService", code: Code.Internal, retry: "never" });
  return Object.fromEntries(methods.map((method) => [method.name, grpcDefinition(method)]));
}

function grpcDefinition(method: PublicMethod): MethodDefinition {
  return {
    path: `/${method.service}/${method.name}`,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: (message: unknown) => encode(method.request, message),
    requestDeserialize: (bytes) => decode(method.request, bytes),
    responseSerialize: (message: unknown) => encode(method.response, message),
    responseDeserialize: (bytes) => decode(method.response, bytes),
  };
}

function load(): PublicContract {
  const roots = Object.fromEntries(FOLDERS.map((folder) => [folder, loadFolder(join(protoFolder(), folder))])) as Record<PublicFolder, protobuf.Root>;
  const plans = FOLDERS.map((folder) => new Plans(roots[folder]));
  const methods = FOLDERS.flatMap((folder, index) => [...servicesOf(roots[folder])].flatMap((service) => service.methodsArray.map((method) => publicMethod(service, method, plans[index]!))));
  return { roots, plans, methods, byPath: new Map(methods.map((method) => [`${method.service}/${method.name}`, method])) };
}

function loadFolder(folder: string): protobuf.Root {
  const root = new protobuf.Root();
  // Google's own files say nothing that the parser does not know.
  root.resolvePath = (_origin, file) => (file.startsWith("google/api/") ? null : file.startsWith("google/") ? file : join(folder, file));
  root.loadSync(readdirSync(folder).filter((file) => file.endsWith(".proto")), { keepCase: true }).resolveAll();
  return root;
}

function* servicesOf(namespace: protobuf.NamespaceBase): Generator<protobuf.Service> {
  for (const item of namespace.nestedArray) {
    if (item instanceof protobuf.Service) yield item;
    else if (item instanceof protobuf.Namespace) yield* servicesOf(item);
  }
}

function publicMethod(service: protobuf.Service, method: protobuf.Method, plans: Plans): PublicMethod {
  method.resolve();
  return {
    service: service.fullName.slice(1),
    name: method.name,
    request: plans.of(method.resolvedRequestType!.fullName.slice(1)),
    response: plans.of(method.resolvedResponseType!.fullName.slice(1)),
    requestStream: method.requestStream ?? false,
    responseStream: method.responseStream ?? false,
    http: httpRules(method),
  };
}

type RuleOption = Record<string, unknown> & { body?: string; additional_bindings?: RuleOption | RuleOption[] };
const VERBS = ["get", "put", "post", "delete", "patch"];

function httpRules(method: protobuf.Method): HttpRule[] {
  const parsed = (method.parsedOptions ?? []) as Record<string, RuleOption>[];
  const option = parsed.map((entry) => entry["(google.api.http)"]).find((rule) => rule !== undefined);
  if (!option) return [];
  return [option, ...[option.additional_bindings ?? []].flat()].flatMap((rule) =>
    VERBS.filter((verb) => typeof rule[verb] === "string").map((verb) => ({ verb: verb.toUpperCase(), template: rule[verb] as string, body: rule.body })),
  );
}
