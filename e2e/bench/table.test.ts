import { percentile } from "./measure.ts";
import { table } from "./table.ts";

describe(percentile, () => {
  test.each([
    { name: "the median of an odd number", samples: [3, 1, 2], share: 0.5, want: 2 },
    { name: "the lower median of an even number", samples: [4, 1, 3, 2], share: 0.5, want: 2 },
    { name: "the highest", samples: [1, 2, 3], share: 1, want: 3 },
    { name: "one sample", samples: [7], share: 0.9, want: 7 },
  ])("$name", ({ samples, share, want }) => expect(percentile(samples, share)).toBe(want));
});

describe(table, () => {
  it("shows medians with their goal, and says where it was missed", () => {
    const text = table([
      { scenario: "fast", samples: [1, 2, 9], unit: "ms", goal: 5, argo: 93 },
      { scenario: "slow", samples: [70_000], unit: "ms", goal: 2_500 },
      { scenario: "probe", samples: [1_064], unit: "/s" },
    ]);
    const [, , fast, slow, probe] = text.split("\n").map((line) => line.split(/\s{2,}/));
    expect(fast).toEqual(["fast", "2.0 ms", "9.0 ms", "3", "5.0 ms", "93.0 ms"]);
    expect(slow).toEqual(["slow", "70.0 s", "1", "2,500 ms (missed)"]);
    expect(probe).toEqual(["probe", "1,064/s", "1"]);
  });
});
