import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../../../i18n/text.tsx";
import { piecesOf } from "./ansi.ts";
import type { LogLine } from "./buffer.ts";

interface Props {
  lines: readonly LogLine[];
  /** Which of the eight hues a pod has. */
  hueOf: (pod: string) => number;
  /** Whether each line says whose it is. */
  named: boolean;
  containers: boolean;
  wrap: boolean;
  timestamps: boolean;
  /** In lower case. */
  search: string;
}

const LINE_HEIGHT = 19;
/** So near to the end counts as its end, pixels. */
const NEAR_END = 40;

/** As many lines as fit, out of as many as there are; it stays at the end until somebody scrolls away from it. */
export function LogView({ lines, hueOf, named, containers, wrap, timestamps, search }: Props) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE_HEIGHT, overscan: 20, getItemKey: (index) => lines[index]!.id });
  const last = lines.at(-1)?.id;
  useEffect(() => {
    if (atEnd && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [atEnd, last, lines.length, wrap, timestamps, virtual]);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current!;
    setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END);
  };
  return (
    <div className="log-frame">
      <div ref={scroller} className={wrap ? "log wrap" : "log"} role="log" aria-live="off" aria-label={t("logs.title")} tabIndex={0} onScroll={onScroll}>
        <div className="log-space" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index]!;
            return (
              <div key={key} ref={virtual.measureElement} data-index={index} className={line.time === "" ? "log-line said" : "log-line"} style={{ transform: `translateY(${start}px)` }}>
                {timestamps && line.time !== "" && <time>{line.time}</time>}
                {named && line.pod !== "" && <span className={`log-pod hue-${hueOf(line.pod)}`}>{containers ? `${line.pod} ${line.container}` : line.pod}</span>}
                <span className="log-text">{piecesOf(line.text).map((piece, at) => <Piece key={at} {...piece} search={search} />)}</span>
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button className="log-newest" onClick={() => setAtEnd(true)}>
          {t("logs.newest")}
        </Button>
      )}
    </div>
  );
}

function Piece({ text, colour, bold, search }: { text: string; colour: number | undefined; bold: boolean; search: string }) {
  const className = [colour === undefined ? "" : `ansi-${colour}`, bold ? "bold" : ""].filter(Boolean).join(" ");
  const marked = search === "" ? text : markedParts(text, search);
  return className === "" ? marked : <span className={className}>{marked}</span>;
}

function markedParts(text: string, search: string) {
  const lower = text.toLowerCase();
  const parts = [];
  let at = 0;
  for (let found = lower.indexOf(search); found >= 0; found = lower.indexOf(search, at)) {
    parts.push(text.slice(at, found), <mark key={found}>{text.slice(found, found + search.length)}</mark>);
    at = found + search.length;
  }
  return [...parts, text.slice(at)];
}
