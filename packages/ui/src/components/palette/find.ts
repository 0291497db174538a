/** One thing that the palette offers. */
export interface Command {
  id: string;
  /** Under which heading it stands. */
  group: string;
  text: string;
  /** What else is known of it, in small. */
  about?: string;
  /** More that people may type to find it, as its name in another language. */
  also?: string;
  /** Leads somewhere else or does it; a promise that fails says why. */
  run: () => void | Promise<unknown>;
}

/** Those in which every word of the search stands; the best first within their groups, whose order stays. */
export function findCommands(commands: readonly Command[], search: string, most: number): Command[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = commands.flatMap((command): { command: Command; rank: number }[] => {
    const text = command.text.toLowerCase();
    const all = `${text} ${command.about ?? ""} ${command.also ?? ""}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    return [{ command, rank: words.length === 0 ? 0 : text === words.join(" ") ? 0 : text.startsWith(words[0]!) ? 1 : words.every((word) => text.includes(word)) ? 2 : 3 }];
  });
  const groups = new Map<string, { command: Command; rank: number }[]>();
  for (const one of found) groups.set(one.command.group, [...(groups.get(one.command.group) ?? []), one]);
  const best = [...groups.values()].map((group) => group.sort((a, b) => a.rank - b.rank).slice(0, most));
  // What is called as it was typed comes first, whatever its heading.
  if (words.length > 0) best.sort((a, b) => a[0]!.rank - b[0]!.rank);
  return best.flat().map(({ command }) => command);
}
