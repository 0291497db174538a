import type { SchemaNode } from "../../merge.ts";

/** What strategic merge knows of a place: how its map or list is patched, and the places below. */
export class PatchMeta {
  private readonly schema: Record<string, any> | undefined;
  private readonly node: SchemaNode | undefined;
  private readonly fields = new Map<string, FieldMeta>();

  constructor(node: SchemaNode | undefined, schema: Record<string, any> | undefined = node?.schema) {
    this.node = node;
    this.schema = schema;
  }

  /** A field of the map; of a kind without schema nothing is known: maps are merged, lists replaced. */
  field(name: string): FieldMeta {
    let field = this.fields.get(name);
    if (field === undefined) this.fields.set(name, (field = this.build(name)));
    return field;
  }

  private build(name: string): FieldMeta {
    const additional = this.schema?.["additionalProperties"];
    const member: Record<string, any> | undefined = this.schema?.["properties"]?.[name] ?? (typeof additional === "object" ? additional : undefined);
    if (member === undefined) return UNKNOWN;
    const strategies = String(member["x-kubernetes-patch-strategy"] ?? "").split(",");
    const target = this.resolved(member);
    const items = target?.["items"] === undefined ? undefined : this.resolved(target["items"]);
    return {
      merge: strategies.includes("merge"),
      replace: strategies.includes("replace"),
      retainKeys: strategies.includes("retainKeys"),
      mergeKey: member["x-kubernetes-patch-merge-key"] ?? "",
      below: this.metaOf(items ?? target),
    };
  }

  private resolved(schema: Record<string, any>): Record<string, any> {
    const reference: string | undefined = schema["$ref"] ?? (schema["allOf"]?.length === 1 ? schema["allOf"][0]?.$ref : undefined);
    return reference === undefined || this.node === undefined ? schema : this.node.resolve(reference);
  }

  private metaOf(schema: Record<string, any> | undefined): PatchMeta {
    if (schema === undefined) return NOTHING;
    let meta = known.get(schema);
    if (meta === undefined) known.set(schema, (meta = new PatchMeta(this.node, schema)));
    return meta;
  }
}

export interface FieldMeta {
  /** A list that is merged item by item: by `mergeKey`, or as a set of scalars where that is "". */
  merge: boolean;
  /** A map that is replaced whole. */
  replace: boolean;
  /** A map whose patch says which keys stay. */
  retainKeys: boolean;
  mergeKey: string;
  /** The map itself, or the items of the list. */
  below: PatchMeta;
}

const known = new WeakMap<object, PatchMeta>();
const NOTHING = new PatchMeta(undefined);
const UNKNOWN: FieldMeta = { merge: false, replace: false, retainKeys: false, mergeKey: "", below: NOTHING };

export function patchMetaOf(node: SchemaNode | undefined): PatchMeta {
  if (node === undefined) return NOTHING;
  let meta = known.get(node.schema);
  if (meta === undefined) known.set(node.schema, (meta = new PatchMeta(node)));
  return meta;
}
