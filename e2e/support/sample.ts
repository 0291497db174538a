import { appendFileSync } from "node:fs";

/** `npm run e2e:full` runs everything; elsewhere long suites run a sample that this number chooses. It is printed. */
export const full = process.env["TRIREME_TEST_FULL"] === "1";
export const seed = Number(process.env["TRIREME_TEST_SEED"] ?? 1);

/** All of a list in a full run, else `count` of it, chosen by the seed and what it is for; order kept. */
export function sample<T>(list: readonly T[], count: number, purpose = ""): T[] {
  if (full || list.length <= count) return [...list];
  let state = seed >>> 0;
  for (const character of purpose) state = (Math.imul(state, 31) + character.codePointAt(0)!) >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * list.length));
  return list.filter((_, index) => chosen.has(index));
}

/** `describe`, unless there is a reason not to: then it is skipped and the reason is printed at the end of the run. */
export function describeUnless(reason: string | undefined, name: string, body: () => void): void {
  if (reason === undefined) return void describe(name, body);
  const file = process.env["TRIREME_SKIPS_FILE"];
  if (file !== undefined) appendFileSync(file, `${name}: ${reason}\n`);
  describe.skip(name, body);
}
