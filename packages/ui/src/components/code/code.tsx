import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { shadowOf, yamlExtensions } from "./editor-state.ts";
import { useCodeLabels } from "./use-code-labels.ts";

interface Props {
  /** Shown; with `onChange`, what the editor begins with. */
  text: string;
  label: string;
  /** Given: the text can be edited. */
  onChange?: (text: string) => void;
}

/** YAML to read, or to edit. */
export default function Code({ text, label, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const { labels, dark } = useCodeLabels(label);
  const change = useRef(onChange);
  change.current = onChange;
  const editable = onChange !== undefined;
  // What was typed outlives a change of theme or language.
  const typed = useRef<string>(undefined);
  useEffect(() => {
    const root = shadowOf(host.current!);
    const tell = (now: string): void => {
      typed.current = now;
      change.current?.(now);
    };
    const created = new EditorView({ root, parent: root, state: EditorState.create({ doc: editable ? (typed.current ?? text) : text, extensions: yamlExtensions(labels, { dark, editable, ...(editable && { onChange: tell }) }) }) });
    view.current = created;
    return () => created.destroy();
    // The text of what is only read changes below, so that its place is kept.
  }, [labels, dark, editable]);
  useEffect(() => {
    const shown = view.current;
    if (editable || shown === undefined || shown.state.doc.toString() === text) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: text } });
  }, [text, editable]);
  return <div ref={host} className="code fill" data-testid="code" />;
}
