import { chartOf } from "./chart.ts";

const at = (second: number, more: object) => ({ phase: "Successful", startedAt: `2026-01-01T00:00:0${second}Z`, ...more });

describe(chartOf, () => {
  it("draws numbers by their size over time, with the lines they are held against and the bad side of each", () => {
    const chart = chartOf({ measurements: [at(0, { number: 1 }), at(2, { number: 0.5 }), at(8, { number: 0, phase: "Failed" })], successThresholds: [{ operator: ">=", value: 0.5 }] });
    const [one, half, none] = chart.points;
    expect([one!.x, half!.x, none!.x]).toEqual([10, 80, 290]);
    expect(one!.y).toBeLessThan(half!.y);
    expect(half!.y).toBeLessThan(none!.y);
    expect(chart.line).toBe(`M10 ${one!.y}L80 ${half!.y}L290 ${none!.y}`);
    expect(chart.limits).toEqual([{ y: half!.y, text: "≥ 0.5" }]);
    expect(chart.zones).toEqual([{ y: half!.y, height: chart.height - half!.y }]);
  });

  it("knows which side of a failure's line is bad", () => {
    const zones = (operator: string) => chartOf({ measurements: [at(0, { number: 1 })], failureThresholds: [{ operator, value: 1 }] }).zones;
    expect(zones(">")[0]).toMatchObject({ y: 0 });
    expect(zones("<")[0]!.y).toBeGreaterThan(0);
    expect(zones("==")).toEqual([]);
  });

  it("keeps a line at zero, and equal numbers in the middle", () => {
    expect(chartOf({ measurements: [at(0, { number: 0 }), at(1, { number: 0 })], failureThresholds: [{ operator: ">" }] })).toMatchObject({ points: [{ y: 42 }, { y: 42 }], limits: [{ y: 42, text: "> 0" }] });
  });

  it("puts what is no number into one row, evenly where no time is known, and leaves out what is still being taken", () => {
    const chart = chartOf({ measurements: [{ phase: "Successful", value: "ok" }, { phase: "Error", message: "away" }, { phase: "Inconclusive" }, { phase: "Running" }] });
    expect(chart.points.map(({ x, y }) => [x, y])).toEqual([[10, 21], [150, 21], [290, 21]]);
    expect(chart).not.toHaveProperty("line");
    expect(chartOf({})).toMatchObject({ points: [], limits: [] });
  });

  it("puts an error among numbers at the foot, off the line", () => {
    const chart = chartOf({ measurements: [at(0, { number: 3 }), at(1, { phase: "Error" }), at(2, { number: 4 })] });
    expect(chart.points[1]!.y).toBe(chart.height - 6);
    expect(chart.line!.split("L")).toHaveLength(2);
  });
});
