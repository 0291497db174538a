import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent, type RefObject } from "react";

interface Options<Row> {
  rows: readonly Row[];
  rowPx: number;
  onOpen: (key: string) => void;
  /** What further keys do at a row, by `KeyboardEvent.key`. */
  keys?: Record<string, (row: Row, index: number) => void>;
}

export interface RowCursor {
  scroller: RefObject<HTMLDivElement | null>;
  /** The rows in sight; each has its `data-key`, the role `row` and calls `onFocus` with its key. */
  virtual: Virtualizer<HTMLDivElement, Element>;
  /** The row at which the Tab key stops: the one that had the focus last, or else the first. */
  entry: string | undefined;
  onFocus: (key: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  focus: (index: number) => void;
}

/** Arrows, Home and End move the focus through rows of which only those in sight are in the document, Enter opens one. It stays with its row while others come and go. */
export function useRowCursor<Row extends { key: string }>({ rows, rowPx, onOpen, keys = {} }: Options<Row>): RowCursor {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer<HTMLDivElement, Element>({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 12, getItemKey: (index) => rows[index]!.key });
  const [chosen, setChosen] = useState("");
  const entry = rows.some(({ key }) => key === chosen) ? chosen : rows[0]?.key;
  const focus = (index: number): void => {
    const at = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[at];
    if (row === undefined) return;
    setChosen(row.key);
    virtual.scrollToIndex(at);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus());
  };
  const acts: Record<string, (row: Row, index: number) => void> = {
    ArrowDown: (_, index) => focus(index + 1),
    ArrowUp: (_, index) => focus(index - 1),
    Home: () => focus(0),
    End: () => focus(rows.length - 1),
    Enter: ({ key }) => onOpen(key),
    ...keys,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = acts[event.key];
    if (act === undefined || !(event.target as HTMLElement).matches("[role=row]")) return;
    event.preventDefault();
    event.stopPropagation();
    const index = rows.findIndex(({ key }) => key === entry);
    if (rows[index] !== undefined) act(rows[index], index);
  };
  return { scroller, virtual, entry, onFocus: setChosen, onKeyDown, focus };
}
