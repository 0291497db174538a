import type { TextKey } from "../i18n/text.tsx";

/** Every single key and pair that any part of the page listens to, and what it does there: what the help shows. */
export const KEY_TEXTS = [
  ["/", "help.search"],
  ["j", "help.move"],
  ["k", "help.move"],
  ["ArrowDown", "help.move"],
  ["ArrowUp", "help.move"],
  ["ArrowLeft", "help.move"],
  ["ArrowRight", "help.move"],
  ["Home", "help.ends"],
  ["End", "help.ends"],
  ["x", "help.choose"],
  ["f", "help.favourite"],
  ["n", "help.new"],
  ["r", "help.refresh"],
  ["s", "help.sync"],
  ["d", "help.diff"],
  ["h", "help.history"],
  ["o", "help.operation"],
  ["1", "help.view"],
  ["2", "help.view"],
  ["3", "help.view"],
  ["4", "help.view"],
  ["5", "help.view"],
  ["g a", "help.applications"],
  ["g r", "help.repositories"],
  ["g s", "help.settings"],
  ["Escape", "help.close"],
  ["?", "help.help"],
] as const satisfies readonly (readonly [key: string, text: TextKey])[];

export type Key = (typeof KEY_TEXTS)[number][0];

/** Those that work whatever is shown. */
const EVERYWHERE: ReadonlySet<string> = new Set(["g a", "g r", "g s", "Escape", "?"]);

/** What stands on the keys. */
const CAPS: Partial<Record<Key, string>> = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };

export interface KeyLine {
  keys: string[];
  text: TextKey;
}

/** What the given keys do, those of the page and those that work everywhere; keys that do the same are on one line. */
export function keyLines(active: ReadonlySet<string>): { here: KeyLine[]; everywhere: KeyLine[] } {
  const lines = new Map<TextKey, KeyLine & { everywhere: boolean }>();
  for (const [key, text] of KEY_TEXTS) {
    if (!active.has(key) && key !== "Escape") continue;
    const line = lines.get(text) ?? { keys: [], text, everywhere: EVERYWHERE.has(key) };
    line.keys.push(CAPS[key] ?? key);
    lines.set(text, line);
  }
  // Whatever these come to has the focus, and is opened as links are.
  if (active.has("j")) lines.set("help.open", { keys: ["Enter"], text: "help.open", everywhere: false });
  const all = [...lines.values()];
  return { here: all.filter(({ everywhere }) => !everywhere), everywhere: all.filter(({ everywhere }) => everywhere) };
}
