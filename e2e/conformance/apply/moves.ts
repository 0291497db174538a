import type { Random } from "../merge/random.ts";
import { APPLY, JSON_PATCH, MERGE, STRATEGIC } from "../words.ts";
import type { AppliedKind } from "./kinds.ts";
import { randomValue, resolved, type Schema } from "./random-values.ts";

/** One write of a sequence, as it is kept. */
export interface Move {
  method: "POST" | "PUT" | "PATCH";
  type: string;
  manager: string;
  force?: true;
  status?: true;
  /** For PUT: what is put over the object as it stands (a merge patch), so that versions and uids need not be kept. */
  sent: any;
}

/** A game of some managers around one object: what each of them last applied, and what it may do next. */
export class Game {
  readonly #kind: AppliedKind;
  readonly #name: string;
  readonly #random: Random;
  readonly #managers: readonly string[];
  readonly #applied = new Map<string, any>();

  constructor(kind: AppliedKind, name: string, random: Random) {
    this.#kind = kind;
    this.#name = name;
    this.#random = random;
    this.#managers = ["argocd-controller", "kubectl", "other", "m4"].slice(0, 2 + random.below(3));
  }

  next(live: any): Move {
    const random = this.#random;
    if (live === undefined) return random.chance(0.75) ? this.#apply(this.#managers[0]!, true) : { method: "POST", type: "application/json", manager: "creator", sent: this.#changed(this.#least(), 2) };
    // The live specs of these have names and ports in them that the server chose.
    const base = ["Pod", "Service"].includes(this.#kind.kind) ? this.#least() : live;
    const moves: (() => Move)[] = [
      ...Array.from({ length: 8 }, () => () => this.#apply(random.pick(this.#managers), false)),
      () => this.#update("editor"),
      () => this.#update(random.pick(this.#managers)),
      () => ({ method: "PATCH", type: MERGE, manager: "merger", sent: this.#removing(this.#partOf(base)) }),
      () => ({ method: "PATCH", type: JSON_PATCH, manager: "patcher", sent: this.#operations(live) }),
      ...(this.#kind.custom ? [] : [(): Move => ({ method: "PATCH", type: STRATEGIC, manager: "kubectl-client-side-apply", sent: this.#partOf(base) })]),
      ...(this.#kind.hasStatus ? [(): Move => this.#status("PUT"), (): Move => this.#status("PATCH")] : []),
    ];
    return random.pick(moves)();
  }

  /** The server took the move: what a manager applied is what it changes next. */
  accepted(move: Move): void {
    if (move.type === APPLY && !move.status) this.#applied.set(move.manager, move.sent);
  }

  #apply(manager: string, whole: boolean): Move {
    const random = this.#random;
    const before = this.#applied.get(manager);
    const base = before ?? (whole || random.chance(0.4) ? this.#least() : this.#identity());
    let sent = this.#changed(base, before === undefined ? 1 + random.below(3) : random.below(3));
    if (before !== undefined && random.chance(0.45)) sent = this.#without(sent);
    return { method: "PATCH", type: APPLY, manager, ...(random.chance(0.45) && { force: true }), sent };
  }

  #update(manager: string): Move {
    const { apiVersion: _apiVersion, kind: _kind, ...part } = this.#random.chance(0.3) ? this.#removing(this.#partOf(this.#least())) : this.#partOf(this.#least());
    return { method: "PUT", type: "application/json", manager, sent: part };
  }

  #status(method: "PUT" | "PATCH"): Move {
    const status = randomValue(this.#kind.schema["properties"].status, "status", this.#random) ?? {};
    if (method === "PUT") return { method, type: "application/json", manager: "controller", status: true, sent: { status } };
    const apply = this.#random.chance(0.6);
    return { method, type: apply ? APPLY : MERGE, manager: apply ? "applier" : "controller", status: true, ...(apply && this.#random.chance(0.5) && { force: true }), sent: { ...this.#identity(), status } };
  }

  #identity(): any {
    const { apiVersion, kind } = this.#kind.least;
    return { apiVersion, kind, metadata: { name: this.#name } };
  }

  #least(): any {
    return { ...structuredClone(this.#kind.least), metadata: { name: this.#name } };
  }

  /** A copy with some fields set anew, at random places of the schema. */
  #changed(base: any, times: number): any {
    const object = structuredClone(base);
    for (let left = times; left > 0; left--) this.#set(object);
    return object;
  }

  #set(object: any): void {
    const random = this.#random;
    if (random.chance(0.25)) return this.#setMetadata(object);
    const roots = Object.keys(this.#kind.schema["properties"]).filter((name) => !["apiVersion", "kind", "metadata", "status", "operation", "aggregationRule"].includes(name));
    if (roots.length === 0) return this.#setMetadata(object);
    const name = random.pick(roots);
    object[name] = this.#deeper(object[name], this.#kind.schema["properties"][name], name, 0);
  }

  #setMetadata(object: any): void {
    const random = this.#random;
    const values: Record<string, readonly unknown[]> = {
      labels: [{ a: "x" }, { a: "y", b: "z" }, { "app.kubernetes.io/name": "n" }, {}],
      annotations: [{ n1: "x" }, { n1: "y", "example.com/n2": "z" }, {}],
      finalizers: [["example.com/a"], ["example.com/a", "example.com/b"], ["example.com/b"]],
      ownerReferences: [[{ apiVersion: "v1", kind: "ConfigMap", name: "p", uid: "u-1" }], [{ apiVersion: "v1", kind: "ConfigMap", name: "q", uid: "u-2" }, { apiVersion: "v1", kind: "ConfigMap", name: "p", uid: "u-1", controller: true }]],
    };
    const name = random.pick(["labels", "labels", "annotations", "annotations", "finalizers", "ownerReferences"]);
    object.metadata = { ...object.metadata, [name]: random.pick(values[name]!) };
  }

  /** Goes down into what is there as often as it sets something new. */
  #deeper(value: any, given: Schema, name: string, depth: number): unknown {
    const random = this.#random;
    const schema = resolved(given);
    if (value === undefined || value === null || random.chance(0.15)) return randomValue(given, name, random, depth);
    if (Array.isArray(value)) {
      if (value.length === 0 || random.chance(0.3)) return random.chance(0.5) ? [...value].reverse() : randomValue(given, name, random, depth);
      const at = random.below(value.length);
      return value.map((item, index) => (index === at ? this.#deeper(item, schema["items"] ?? {}, name, depth + 1) : item));
    }
    if (typeof value !== "object") return randomValue(given, name, random, depth);
    const properties: Record<string, Schema> | undefined = schema["properties"];
    if (properties === undefined) return { ...value, ...(randomValue(given, name, random, depth) as object) };
    const present = Object.keys(value).filter((key) => properties[key] !== undefined);
    const chosen = present.length > 0 && random.chance(0.6) ? random.pick(present) : random.pick(Object.keys(properties));
    return { ...value, [chosen]: this.#deeper(value[chosen], properties[chosen]!, chosen, depth + 1) };
  }

  /** A copy with one field less. */
  #without(object: any): any {
    const random = this.#random;
    const copy = structuredClone(object);
    const places: { parent: any; key: string | number }[] = [];
    const walk = (value: any): void => {
      for (const key of Object.keys(value)) {
        places.push({ parent: value, key: Array.isArray(value) ? Number(key) : key });
        if (typeof value[key] === "object" && value[key] !== null) walk(value[key]);
      }
    };
    for (const [name, value] of Object.entries(copy)) if (!["apiVersion", "kind"].includes(name) && typeof value === "object" && value !== null) walk(name === "metadata" ? { ...(value as object) } : value);
    const { name: _name, ...metadata } = copy.metadata;
    for (const key of Object.keys(metadata)) places.push({ parent: copy.metadata, key });
    if (places.length === 0) return copy;
    const { parent, key } = random.pick(places);
    if (Array.isArray(parent)) parent.splice(key as number, 1);
    else delete parent[key];
    return copy;
  }

  /** A few fields as a patch has them. */
  #partOf(object: any): any {
    const { apiVersion: _apiVersion, kind: _kind, status: _status, metadata: _metadata, ...rest } = object;
    const changed = this.#changed({ metadata: {}, ...rest }, 1 + this.#random.below(2));
    // Only what differs, so that defaults and the choices of others stay as they are.
    return Object.fromEntries(Object.entries(changed).filter(([name, value]) => name === "metadata" ? Object.keys(value as object).length > 0 : JSON.stringify(value) !== JSON.stringify(rest[name])).map(([name, value]) => [name, name === "metadata" ? value : difference(rest[name], value)]));
  }

  /** The same patch, at times with a null, which takes a field away. */
  #removing(part: any): any {
    return this.#random.chance(0.35) ? { ...part, metadata: { ...part.metadata, [this.#random.pick(["labels", "annotations"])]: this.#random.pick<unknown>([null, { a: null, n1: null }]) } } : part;
  }

  #operations(live: any): unknown[] {
    const random = this.#random;
    const label = (): unknown => ({ op: "add", path: "/metadata/labels", value: { j: random.pick(["1", "2"]) } });
    const [field, value] = Object.entries(this.#partOf(live)).find(([name]) => name !== "metadata") ?? [];
    if (field === undefined || random.chance(0.3)) return [label()];
    return [random.chance(0.5) ? label() : { op: "test", path: "/kind", value: live.kind }, deepest(`/${field}`, live[field], value)];
  }
}

/** The change at the end of a merge patch's first branch: values of the object's own, such as a chosen address, stay out of it. */
function deepest(path: string, before: any, value: any): unknown {
  const [key] = typeof value === "object" && value !== null && !Array.isArray(value) && typeof before === "object" && before !== null ? Object.keys(value) : [];
  return key === undefined ? { op: "add", path, value } : deepest(`${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, before[key], value[key]);
}

/** A merge patch's content. */
function difference(before: any, after: any): any {
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null || Array.isArray(before) || Array.isArray(after)) return after;
  return Object.fromEntries(Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => [key, difference(before[key], after[key])]));
}

/** What a merge patch makes of a value. */
export function merged(value: any, patch: any): any {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const out: Record<string, unknown> = { ...base };
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete out[key];
    else out[key] = merged(base[key], inner);
  }
  return out;
}
