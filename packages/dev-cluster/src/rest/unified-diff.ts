/** Lines of what is the same around a change. */
const CONTEXT = 3;

/** What differs between two short texts, as `diff -u` writes it, without a head. Each line ends with a line break. */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const lines = aligned(before, after);
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== " "));
  let text = "";
  for (let from = near.indexOf(true); from !== -1; ) {
    const end = near.indexOf(false, from);
    const hunk = lines.slice(from, end === -1 ? undefined : end);
    const range = (mark: string): string => {
      const start = lines.slice(0, from).filter((line) => line.mark !== mark).length;
      const length = hunk.filter((line) => line.mark !== mark).length;
      return length === 1 ? `${start + 1}` : `${length === 0 ? start : start + 1},${length}`;
    };
    text += `@@ -${range("+")} +${range("-")} @@\n${hunk.map(({ mark, line }) => `${mark}${line}\n`).join("")}`;
    from = end === -1 ? -1 : near.indexOf(true, end);
  }
  return text;
}

interface Line {
  mark: " " | "-" | "+";
  line: string;
}

/** Both texts as one, along a longest common sequence of lines; what goes stands before what comes. */
function aligned(before: readonly string[], after: readonly string[]): Line[] {
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) for (let j = after.length - 1; j >= 0; j--) common[i]![j] = before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      lines.push({ mark: " ", line: before[i++]! });
      j++;
    } else if (j === after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push({ mark: "-", line: before[i++]! });
    else lines.push({ mark: "+", line: after[j++]! });
  }
  return lines;
}
