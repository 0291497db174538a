import protobuf from "protobufjs";
import { EXCEPTIONS } from "./exceptions.ts";
import { SPECIAL_TYPES } from "./kubernetes-types.ts";
import type { SpecialType } from "./wire.ts";

/** `json` is bytes that hold any JSON. */
export type Scalar = "string" | "bool" | "int32" | "int64" | "uint32" | "uint64" | "double" | "float" | "bytes" | "json";

export interface FieldPlan {
  number: number;
  proto: string;
  json: string;
  /** What one value is: a scalar, another message, or a message with a JSON form of its own. */
  of: { scalar: Scalar } | { message: MessagePlan } | { special: SpecialType };
  shape: "single" | "repeated" | "map";
  /** Absent is different from zero. */
  pointer: boolean;
  kept: boolean;
  omittedAtZero: boolean;
  inlined: boolean;
  /** Written even at zero: proto2 `required`. */
  required: boolean;
  packed: boolean;
}

export interface MessagePlan {
  /** Full proto name. */
  name: string;
  /** Go's type name, for messages. */
  short: string;
  fields: FieldPlan[];
  byNumber: Map<number, FieldPlan>;
  byJson: Map<string, FieldPlan>;
}

const PRESENCE_PACKAGES = new Set(["application", "notification"]);

/** Compiles messages of a loaded root, each once; recursive types refer to themselves. */
export class Plans {
  private readonly plans = new Map<string, MessagePlan>();
  private readonly root: protobuf.Root;

  constructor(root: protobuf.Root) {
    this.root = root;
  }

  has(name: string): boolean {
    return this.plans.has(name) || this.root.lookup(name, protobuf.Type) !== null;
  }

  of(name: string): MessagePlan {
    return this.plans.get(name) ?? this.compile(this.root.lookupType(name));
  }

  private compile(type: protobuf.Type): MessagePlan {
    const name = type.fullName.slice(1);
    const plan: MessagePlan = { name, short: type.name, fields: [], byNumber: new Map(), byJson: new Map() };
    this.plans.set(name, plan);
    for (const field of type.fieldsArray) {
      const compiled = this.field(name, field);
      plan.fields.push(compiled);
      plan.byNumber.set(compiled.number, compiled);
      plan.byJson.set(compiled.json, compiled);
    }
    return plan;
  }

  private field(owner: string, field: protobuf.Field): FieldPlan {
    const marks = EXCEPTIONS[owner] ?? {};
    const resolved = field.resolve().resolvedType;
    const message = resolved instanceof protobuf.Type ? resolved.fullName.slice(1) : undefined;
    const special = message === undefined ? undefined : SPECIAL_TYPES[message];
    const value = marks.values?.includes(field.name) || marks.omittedAtZero?.includes(field.name) || marks.inlined?.includes(field.name);
    const scalarPointer = PRESENCE_PACKAGES.has(owner.slice(0, owner.lastIndexOf("."))) && field.type !== "bytes";
    return {
      number: field.id,
      proto: field.name,
      json: marks.names?.[field.name] ?? field.name,
      of: special ? { special } : message !== undefined ? { message: this.of(message) } : { scalar: marks.raw?.includes(field.name) ? "json" : (field.type as Scalar) },
      shape: field.map ? "map" : field.repeated ? "repeated" : "single",
      pointer: message === undefined ? scalarPointer || (marks.pointers?.includes(field.name) ?? false) : !value,
      kept: marks.kept?.includes(field.name) ?? false,
      omittedAtZero: marks.omittedAtZero?.includes(field.name) ?? false,
      inlined: marks.inlined?.includes(field.name) ?? false,
      required: field.required,
      packed: field.packed && field.repeated && message === undefined && field.type !== "string" && field.type !== "bytes",
    };
  }
}
