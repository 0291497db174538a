import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { codeFolding, foldGutter, foldKeymap, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** What is said of a text, and in which language its tools speak. */
export interface CodeLabels {
  label: string;
  phrases: Record<string, string>;
}

/** YAML as it is shown everywhere: numbered, foldable, searchable; edited only where that is asked for. Among fields, Tab leads to the next. */
export function yamlExtensions({ label, phrases }: CodeLabels, { dark, editable = false, tabIndents = true, onChange }: { dark: boolean; editable?: boolean; tabIndents?: boolean; onChange?: (text: string) => void }): Extension[] {
  return [
    yaml(),
    lineNumbers(),
    codeFolding(),
    foldGutter(),
    syntaxHighlighting(colours),
    search({ top: true }),
    highlightSelectionMatches(),
    EditorState.phrases.of(phrases),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    // What cannot be written can still be read by keyboard.
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", ...(!editable && { "aria-readonly": "true" }) }),
    EditorView.darkTheme.of(dark),
    look,
    keymap.of([...searchKeymap, ...foldKeymap]),
    ...(editable ? [history(), highlightActiveLine(), keymap.of([...defaultKeymap, ...historyKeymap, ...(tabIndents ? [indentWithTab] : [])])] : [EditorState.readOnly.of(true), EditorView.editable.of(false)]),
    ...(onChange === undefined ? [] : [EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString()))]),
  ];
}

/**
 * Where an editor lives: a tree of its own, whose styles are made by script. The page's own document takes no style but
 * from files. A dialog that keeps the focus knows the host alone, which passes it on to the text; on the way out it is no stop.
 */
export function shadowOf(host: HTMLElement): ShadowRoot {
  if (host.shadowRoot !== null) return host.shadowRoot;
  const root = host.attachShadow({ mode: "open" });
  host.tabIndex = 0;
  host.addEventListener("focus", () => {
    if (root.activeElement === null) root.querySelector<HTMLElement>(".cm-content")?.focus();
  });
  root.addEventListener("focusin", () => (host.tabIndex = -1));
  root.addEventListener("focusout", () => (host.tabIndex = 0));
  return root;
}

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-value)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-note)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "12px", flex: "1", minHeight: "0" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: "6px 0" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--faint)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-problemLine": { backgroundColor: "color-mix(in srgb, var(--bad) 14%, transparent)", boxShadow: "inset 2px 0 var(--bad)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 16%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", color: "var(--faint)" },
  ".cm-panels": { fontFamily: "var(--font)", fontSize: "12px", backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield, .cm-button": { fontFamily: "inherit", fontSize: "12px" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "16px" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 30%, transparent)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--warn) 60%, transparent)" },
  ".cm-changedLine, &.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: "color-mix(in srgb, var(--good) 12%, transparent)" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "color-mix(in srgb, var(--bad) 11%, transparent)" },
  ".cm-deletedChunk": { paddingInlineStart: "6px" },
  "&.cm-merge-b .cm-changedText, .cm-changedText": { background: "color-mix(in srgb, var(--good) 20%, transparent)" },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText, .cm-deletedText": { background: "color-mix(in srgb, var(--bad) 20%, transparent)" },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--bad)" },
  "&.cm-merge-b .cm-changedLineGutter, .cm-changedLineGutter": { background: "var(--good)" },
  ".cm-collapsedLines": { background: "var(--raised)", color: "var(--faint)", padding: "3px 8px", fontFamily: "var(--font)" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"⋯"' },
});
