import type { KubeObject } from "@trireme/api";
import type { FieldDifference } from "../merge.ts";
import type { FieldSet } from "../merge/field-set.ts";
import { setOfFieldsV1 } from "../merge/fields-v1.ts";
import type { PathElement } from "../merge/path-element.ts";

type Writer = NonNullable<FieldDifference["writer"]>;

/** Finds who wrote a field of an object last, by its managedFields; read once, when the first is asked for. */
export class Writers {
  private readonly object: KubeObject | undefined;
  private entries: { set: FieldSet; writer: Writer; at: number }[] | undefined;

  constructor(object: KubeObject | undefined) {
    this.object = object;
  }

  /** The last writer of the field, of something below it, or of the atomic part that it lies in. */
  of(elements: readonly PathElement[]): Writer | undefined {
    let found: { writer: Writer; at: number; depth: number } | undefined;
    for (const { set, writer, at } of this.read()) {
      const depth = depthOf(set, elements);
      if (depth === 0) continue;
      if (found === undefined || depth > found.depth || (depth === found.depth && at > found.at)) found = { writer, at, depth };
    }
    return found?.writer;
  }

  private read(): { set: FieldSet; writer: Writer; at: number }[] {
    if (this.entries !== undefined) return this.entries;
    this.entries = [];
    for (const entry of this.object?.metadata.managedFields ?? []) {
      try {
        const writer: Writer = { manager: entry.manager ?? "unknown", operation: entry.operation ?? "Update", ...(entry.time !== undefined && { time: entry.time }) };
        this.entries.push({ set: setOfFieldsV1(entry.fieldsV1 ?? {}), writer, at: Date.parse(entry.time ?? "") || 0 });
      } catch {
        // An entry that nobody can read names nobody.
      }
    }
    return this.entries;
  }
}

/** How much of a path a set owns: its whole length where it has the field or parts of it, else the longest owned parent. */
function depthOf(set: FieldSet, elements: readonly PathElement[]): number {
  let depth = 0;
  let node: FieldSet | undefined = set;
  for (const [index, element] of elements.entries()) {
    if (node.hasElement(element)) depth = index + 1;
    node = node.below(element);
    if (node === undefined) return depth;
  }
  return elements.length;
}
