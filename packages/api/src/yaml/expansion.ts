import { EVENT_ID, type Event } from "js-yaml";

/**
 * Nodes of a document once every alias stands for what it names (counting stops above `limit`):
 * a few lines of aliases of aliases can mean billions.
 */
export function checkExpansion(events: readonly Event[], source: string, limit: number): number {
  const sizes = new Map<string, number>();
  const open: { anchor: string | undefined; size: number }[] = [];
  let total = 0;
  for (const event of events) {
    let size = 1;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        continue;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        open.push({ anchor: nameOf(event, source), size: 1 });
        continue;
      case EVENT_ID.SCALAR: {
        const name = nameOf(event, source);
        if (name !== undefined) sizes.set(name, 1);
        break;
      }
      case EVENT_ID.ALIAS:
        size = sizes.get(nameOf(event, source) ?? "") ?? 1;
        break;
      case EVENT_ID.POP: {
        const closed = open.pop();
        if (closed === undefined) continue;
        if (closed.anchor !== undefined) sizes.set(closed.anchor, closed.size);
        size = closed.size;
        break;
      }
    }
    const parent = open.at(-1);
    if (parent === undefined) total += size;
    else parent.size += size;
    if (total > limit || (parent?.size ?? 0) > limit) return limit + 1;
  }
  return total;
}

function nameOf(event: { anchorStart: number; anchorEnd: number }, source: string): string | undefined {
  return event.anchorStart < 0 ? undefined : source.slice(event.anchorStart, event.anchorEnd);
}
