import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useText } from "../../i18n/text.tsx";
import { shadowOf, yamlExtensions } from "./editor-state.ts";
import { useCodeLabels } from "./use-code-labels.ts";

interface Props {
  before: string;
  after: string;
  beforeLabel: string;
  afterLabel: string;
  inline: boolean;
  /** Whether lines that are the same everywhere are shown too. */
  whole: boolean;
}

/** Lines around a change that are shown with it. */
const MARGIN = 3;
/** Two texts are held against each other in detail for so long at most. */
const TIMEOUT_MS = 500;

/** Two YAML texts held against each other, side by side or as one. */
export default function Diff({ before, after, beforeLabel, afterLabel, inline, whole }: Props) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const { labels, dark } = useCodeLabels(afterLabel);
  useEffect(() => {
    const root = shadowOf(host.current!);
    // Of what is there on one side alone, every letter is new: the line says enough.
    const options = { gutter: true, highlightChanges: before !== "" && after !== "", diffConfig: { scanLimit: 1000, timeout: TIMEOUT_MS }, ...(!whole && { collapseUnchanged: { margin: MARGIN, minSize: 4 } }) };
    if (inline) {
      const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: after, extensions: [...yamlExtensions(labels, { dark }), EditorView.lineWrapping, unifiedMergeView({ ...options, original: before, mergeControls: false, allowInlineDiffs: true })] }) });
      return () => view.destroy();
    }
    const side = (doc: string, label: string) => ({ doc, extensions: [...yamlExtensions({ ...labels, label }, { dark }), EditorView.lineWrapping] });
    const view = new MergeView({ ...options, root, parent: root, a: side(before, beforeLabel), b: side(after, afterLabel) });
    return () => view.destroy();
  }, [before, after, beforeLabel, inline, whole, labels, dark]);
  return (
    <div className="diff" data-testid="diff">
      <div className="diff-sides" aria-hidden="true">
        {inline ? <span>{t("diff.inlineHead", { before: beforeLabel, after: afterLabel })}</span> : [<span key="before">{beforeLabel}</span>, <span key="after">{afterLabel}</span>]}
      </div>
      <div ref={host} className="code" />
    </div>
  );
}
