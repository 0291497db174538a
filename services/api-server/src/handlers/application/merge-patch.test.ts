import { createMergePatch, mergePatched } from "./merge-patch.ts";

describe(createMergePatch, () => {
  test.each([
    { name: "nothing", from: { a: 1 }, to: { a: 1 }, want: undefined },
    { name: "a new field", from: {}, to: { a: 1 }, want: { a: 1 } },
    { name: "a field that is gone", from: { a: 1, b: 2 }, to: { b: 2 }, want: { a: null } },
    { name: "a nested one", from: { a: { b: 1, c: 2 } }, to: { a: { b: 3, c: 2 } }, want: { a: { b: 3 } } },
    { name: "a list, as a whole", from: { a: [1, 2] }, to: { a: [1] }, want: { a: [1] } },
  ])("$name", ({ from, to, want }) => {
    expect(createMergePatch(from, to)).toEqual(want);
    expect(mergePatched(from, want ?? {})).toEqual(to);
  });

  it("never touches the prototype", () => {
    mergePatched({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
