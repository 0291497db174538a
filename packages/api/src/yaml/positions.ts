import { EVENT_ID, type Event, getScalarValue } from "js-yaml";

/** A place inside a document: names of fields, indexes of items. */
export type FieldPath = readonly (string | number)[];

/** Offsets at which each line of a text begins. */
export class LineTable {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
  }

  /** 1-based line of an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

/** A node of a document with the offset of its key, or of itself where it has none. */
interface PlacedNode {
  offset: number;
  members?: Map<string, PlacedNode>;
  items?: PlacedNode[];
}

/** Where every field of one document stands; aliases lead to what they stand for. */
export function placeFields(events: readonly Event[], source: string): PlacedNode {
  const anchors = new Map<string, PlacedNode>();
  let position = 1;

  const node = (): PlacedNode => {
    const event = events[position++]!;
    switch (event.type) {
      case EVENT_ID.MAPPING:
        return anchored(event, mapping({ offset: event.start, members: new Map() }));
      case EVENT_ID.SEQUENCE:
        return anchored(event, sequence({ offset: event.start, items: [] }));
      case EVENT_ID.SCALAR:
        return anchored(event, { offset: event.valueStart });
      case EVENT_ID.ALIAS: {
        const target = anchors.get(source.slice(event.anchorStart, event.anchorEnd));
        return { ...target, offset: event.anchorStart };
      }
      default:
        return { offset: 0 };
    }
  };

  const anchored = (event: { anchorStart: number; anchorEnd: number }, placed: PlacedNode): PlacedNode => {
    if (event.anchorStart >= 0) anchors.set(source.slice(event.anchorStart, event.anchorEnd), placed);
    return placed;
  };

  const mapping = (placed: PlacedNode): PlacedNode => {
    while (events[position] !== undefined && events[position]!.type !== EVENT_ID.POP) {
      const key = events[position]!;
      const name = key.type === EVENT_ID.SCALAR && key.valueStart >= 0 ? getScalarValue(source, key) : "";
      const keyNode = node();
      const value = node();
      placed.members!.set(name, { ...value, offset: keyNode.offset >= 0 ? keyNode.offset : value.offset });
    }
    position++;
    return placed;
  };

  const sequence = (placed: PlacedNode): PlacedNode => {
    while (events[position] !== undefined && events[position]!.type !== EVENT_ID.POP) placed.items!.push(node());
    position++;
    return placed;
  };

  return events[position] === undefined ? { offset: 0 } : node();
}

/** Offset of a field, or of its nearest parent that is there. */
export function offsetOf(root: PlacedNode, path: FieldPath): number {
  let node = root;
  for (const step of path) {
    const next = typeof step === "number" ? node.items?.[step] : (node.members?.get(step) ?? mergedMember(node, step));
    if (next === undefined) break;
    node = next.offset >= 0 ? next : { ...next, offset: node.offset };
  }
  return Math.max(node.offset, 0);
}

function mergedMember(node: PlacedNode, name: string): PlacedNode | undefined {
  const merged = node.members?.get("<<");
  if (merged === undefined) return undefined;
  return merged.members?.get(name) ?? merged.items?.map((item) => item.members?.get(name)).find((found) => found !== undefined);
}
