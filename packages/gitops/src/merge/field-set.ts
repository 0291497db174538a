import type { Path, PathElement } from "./path-element.ts";
import { compareElements } from "./path-element.ts";
import type { Atom, TypeRef } from "./types.ts";

/** A node is a member of the set by itself; that it has children does not make it one. */
interface Node {
  member: boolean;
  children: Map<PathElement, Node> | undefined;
}

/** A set of fields of one object. Only `insert` changes a set; the operations answer new ones that share what is the same. */
export class FieldSet {
  private readonly root: Node;

  constructor(root: Node = { member: false, children: undefined }) {
    this.root = root;
  }

  static of(...paths: Path[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /** Adds this very field; its parents are not added. The empty path, the object itself, is never owned. */
  insert(path: Path): void {
    if (path.length === 0) return;
    let node = this.root;
    for (const element of path) {
      const children = (node.children ??= new Map());
      let child = children.get(element);
      if (child === undefined) children.set(element, (child = { member: false, children: undefined }));
      node = child;
    }
    node.member = true;
  }

  has(path: Path): boolean {
    let node: Node | undefined = this.root;
    for (const element of path) {
      node = node.children?.get(element);
      if (node === undefined) return false;
    }
    return path.length > 0 && node.member;
  }

  hasElement(element: PathElement): boolean {
    return this.root.children?.get(element)?.member === true;
  }

  /** What is below an element; `undefined` where nothing is. */
  below(element: PathElement): FieldSet | undefined {
    const node = this.root.children?.get(element);
    return node?.children === undefined || isEmpty(node) ? undefined : new FieldSet({ member: false, children: node.children });
  }

  /** Elements of the first level, members or not. */
  elements(): IterableIterator<PathElement> {
    return (this.root.children ?? new Map<PathElement, Node>()).keys();
  }

  get empty(): boolean {
    return isEmpty(this.root);
  }

  union(other: FieldSet): FieldSet {
    return new FieldSet(unite(this.root, other.root));
  }

  intersection(other: FieldSet): FieldSet {
    return new FieldSet(intersect(this.root, other.root));
  }

  /** Without the members of `other`; what lies below them stays. */
  difference(other: FieldSet): FieldSet {
    return new FieldSet(subtract(this.root, other.root, false));
  }

  /** Without the members of `other` and all that lies below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    return new FieldSet(subtract(this.root, other.root, true));
  }

  equals(other: FieldSet): boolean {
    return this.difference(other).empty && other.difference(this).empty;
  }

  /** Also the named fields on the way to members, which are not members themselves as a rule. */
  withNamedFields(type: TypeRef | undefined): FieldSet {
    return new FieldSet(named(this.root, type?.resolve()));
  }

  /** Every member in the server's order; the path is the reader's to keep. */
  *paths(): Generator<PathElement[]> {
    yield* walk(this.root, []);
  }

  /** For the serialiser: members with their children, in order. */
  *sorted(): Generator<{ element: PathElement; member: boolean; below: FieldSet | undefined }> {
    for (const element of sortedKeys(this.root)) {
      const node = this.root.children!.get(element)!;
      if (isEmpty(node) && !node.member) continue;
      yield { element, member: node.member, below: this.below(element) };
    }
  }
}

function isEmpty(node: Node): boolean {
  if (node.children === undefined) return true;
  for (const child of node.children.values()) if (child.member || !isEmpty(child)) return false;
  return true;
}

function unite(a: Node, b: Node): Node {
  if (b.children === undefined) return a.member || !b.member ? a : { member: true, children: a.children };
  if (a.children === undefined) return b.member || !a.member ? b : { member: true, children: b.children };
  const children = new Map(a.children);
  for (const [element, node] of b.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? node : unite(own, node));
  }
  return { member: a.member || b.member, children };
}

function intersect(a: Node, b: Node): Node {
  let children: Map<PathElement, Node> | undefined;
  if (a.children !== undefined && b.children !== undefined) {
    for (const [element, node] of a.children) {
      const other = b.children.get(element);
      if (other === undefined) continue;
      const both = intersect(node, other);
      if (both.member || both.children !== undefined) (children ??= new Map()).set(element, both);
    }
  }
  return { member: a.member && b.member, children };
}

function subtract(a: Node, b: Node, recursive: boolean): Node {
  if (a.children === undefined || b.children === undefined) return a;
  let children: Map<PathElement, Node> | undefined;
  for (const [element, node] of a.children) {
    const other = b.children.get(element);
    if (other?.member && recursive) continue;
    let left = node;
    if (other !== undefined) {
      left = subtract(node, other, recursive);
      if (other.member && left.member) left = { member: false, children: left.children };
      if (!left.member && isEmpty(left)) continue;
    }
    (children ??= new Map()).set(element, left);
  }
  return { member: a.member, children };
}

function named(node: Node, atom: Atom | undefined): Node {
  if (node.children === undefined) return node;
  const children = new Map<PathElement, Node>();
  for (const [element, child] of node.children) {
    let type: TypeRef | undefined;
    let field = false;
    if (element[0] === "f" && atom?.map) {
      const known = atom.map.fields.get(element.slice(2));
      field = known !== undefined;
      type = known?.type ?? atom.map.element;
    } else if (element[0] === "k" && atom?.list) {
      type = atom.list.element;
    }
    const below = named(child, type?.resolve());
    children.set(element, field && child.children !== undefined && !child.member ? { member: true, children: below.children } : below);
  }
  return { member: node.member, children };
}

function* walk(node: Node, prefix: PathElement[]): Generator<PathElement[]> {
  const keys = sortedKeys(node);
  for (const element of keys) if (node.children!.get(element)!.member) yield [...prefix, element];
  for (const element of keys) yield* walk(node.children!.get(element)!, [...prefix, element]);
}

function sortedKeys(node: Node): PathElement[] {
  return node.children === undefined ? [] : [...node.children.keys()].sort(compareElements);
}
