import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { commonEnds } from "./common-ends.ts";
import { shadowOf, yamlExtensions } from "./editor-state.ts";
import { useCodeLabels } from "./use-code-labels.ts";

interface Props {
  text: string;
  /** Another one for each text from outside: what was typed here comes back as `text` too, and later than the next letter. */
  version: number;
  label: string;
  /** A line that cannot be understood, from 1. */
  problemLine: number | undefined;
  onChange: (text: string) => void;
}

/** YAML that is written here and elsewhere: a change from outside replaces only what differs, and can be undone here. */
export default function Editor({ text, version, label, problemLine, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const { labels, dark } = useCodeLabels(label);
  const latest = useRef({ onChange, text });
  latest.current = { onChange, text };
  // What comes from outside is known there.
  const outside = useRef(false);
  useEffect(() => {
    const root = shadowOf(host.current!);
    const tell = (now: string): void => {
      if (!outside.current) latest.current.onChange(now);
    };
    const created = new EditorView({ root, parent: root, state: EditorState.create({ doc: latest.current.text, extensions: [...yamlExtensions(labels, { dark, editable: true, tabIndents: false, onChange: tell }), problemField] }) });
    view.current = created;
    return () => created.destroy();
  }, [labels, dark]);
  useEffect(() => {
    const shown = view.current!;
    const before = shown.state.doc.toString();
    const after = latest.current.text;
    if (before === after) return;
    const { start, end } = commonEnds(before, after);
    outside.current = true;
    shown.dispatch({ changes: { from: start, to: before.length - end, insert: after.slice(start, after.length - end) } });
    outside.current = false;
  }, [version]);
  useEffect(() => view.current!.dispatch({ effects: setProblem.of(problemLine) }), [problemLine, labels, dark]);
  return <div ref={host} className="code fill" data-testid="code" />;
}

const setProblem = StateEffect.define<number | undefined>();
const problemMark = Decoration.line({ class: "cm-problemLine" });
const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    for (const effect of effects) {
      if (!effect.is(setProblem)) continue;
      const line = effect.value;
      return line === undefined || line > state.doc.lines ? Decoration.none : Decoration.set([problemMark.range(state.doc.line(line).from)]);
    }
    return marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
