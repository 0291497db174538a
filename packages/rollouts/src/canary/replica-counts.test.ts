import { basicCanaryCounts, nearestSplit } from "./replica-counts.ts";

/** [replicas, weight, surge allowed, canary, stable], as Argo Rollouts 1.9 splits them. */
const SPLITS: [number, number, number, number, number][] = [
  [0, 0, 0, 0, 0], [0, 50, 0, 0, 0], [0, 100, 0, 0, 0], [0, 0, 1, 0, 0], [0, 50, 1, 0, 0], [0, 100, 1, 0, 0],
  [1, 0, 0, 0, 1], [1, 1, 0, 0, 1], [1, 49, 0, 0, 1], [1, 50, 0, 1, 0], [1, 99, 0, 1, 0], [1, 100, 0, 1, 0],
  [1, 0, 1, 0, 1], [1, 1, 1, 1, 1], [1, 49, 1, 1, 1], [1, 50, 1, 1, 1], [1, 99, 1, 1, 1], [1, 100, 1, 1, 0],
  [2, 0, 0, 0, 2], [2, 1, 0, 1, 1], [2, 50, 0, 1, 1], [2, 99, 0, 1, 1], [2, 100, 0, 2, 0],
  [2, 0, 1, 0, 2], [2, 1, 1, 1, 2], [2, 50, 1, 1, 1], [2, 99, 1, 2, 1], [2, 100, 1, 2, 0],
  [3, 10, 0, 1, 2], [3, 25, 0, 1, 2], [3, 33, 0, 1, 2], [3, 34, 0, 1, 2], [3, 49, 0, 1, 2], [3, 50, 0, 2, 1], [3, 66, 0, 2, 1], [3, 99, 0, 2, 1], [3, 100, 0, 3, 0],
  [3, 10, 1, 1, 3], [3, 25, 1, 1, 3], [3, 33, 1, 1, 2], [3, 50, 1, 2, 2], [3, 100, 1, 3, 0],
  [5, 20, 1, 1, 4], [5, 60, 1, 3, 2], [10, 5, 1, 1, 10], [10, 10, 1, 1, 9], [10, 33, 0, 3, 7], [10, 95, 1, 10, 1], [10, 95, 0, 9, 1],
  [3, 34, 1, 1, 2], [3, 49, 1, 2, 2], [10, 1, 0, 1, 9], [10, 14, 0, 1, 9], [10, 15, 0, 2, 8], [10, 16, 0, 2, 8], [10, 99, 0, 9, 1], [10, 0, 1, 0, 10], [10, 1, 1, 1, 10],
  [10, 18, 1, 2, 9], [10, 19, 1, 2, 9], [10, 20, 1, 2, 8], [10, 23, 1, 2, 8], [10, 24, 1, 3, 8], [10, 25, 1, 3, 8], [10, 99, 1, 10, 1], [10, 100, 1, 10, 0],
];

describe("nearestSplit", () => {
  it.each(SPLITS)("of %i pods, %i %%, surge %i: %i new and %i stable", (replicas, weight, maxSurge, canary, stable) => {
    expect(nearestSplit({ replicas, weight, maxWeight: 100, maxSurge })).toEqual({ canary, stable });
  });

  it("tells no difference from a search over every allowed split", () => {
    for (let replicas = 1; replicas <= 12; replicas++) {
      for (let weight = 1; weight < 100; weight++) {
        const { canary, stable } = nearestSplit({ replicas, weight, maxWeight: 100, maxSurge: 0 });
        const options = Array.from({ length: replicas + 1 }, (_, count) => count).filter((count) => replicas === 1 || (count > 0 && count < replicas));
        const best = Math.min(...options.map((count) => Math.abs((count * 100) / replicas - weight)));
        expect({ replicas, weight, sum: canary + stable, off: Math.abs((canary * 100) / replicas - weight) - best < 1e-9 }).toEqual({ replicas, weight, sum: replicas, off: true });
      }
    }
  });
});

interface Row {
  name: string;
  replicas: number;
  weight: number;
  surge: number;
  unavailable: number;
  stable?: [wanted: number, available: number];
  canary?: [wanted: number, available: number];
  others?: number;
  counts: [canary: number, stable: number];
}

const ROWS: Row[] = [
  { name: "the sheet's first: one for one", replicas: 10, weight: 10, surge: 1, unavailable: 1, stable: [10, 10], canary: [0, 0], counts: [1, 9] },
  { name: "a surge of as many as wanted", replicas: 10, weight: 30, surge: 3, unavailable: 0, stable: [10, 10], canary: [0, 0], counts: [3, 10] },
  { name: "only what may be missing goes", replicas: 10, weight: 30, surge: 0, unavailable: 5, stable: [10, 10], canary: [0, 0], counts: [0, 7] },
  { name: "a small weight is one pod, and with a surge all of the stable ones stay", replicas: 10, weight: 5, surge: 1, unavailable: 1, stable: [10, 10], canary: [0, 0], counts: [1, 10] },
  { name: "one replica surges", replicas: 1, weight: 5, surge: 1, unavailable: 0, stable: [1, 1], canary: [0, 0], counts: [1, 1] },
  { name: "one replica surges at any weight", replicas: 1, weight: 95, surge: 1, unavailable: 0, stable: [1, 1], canary: [0, 0], counts: [1, 1] },
  { name: "pods that are going are not counted twice", replicas: 10, weight: 100, surge: 3, unavailable: 0, stable: [7, 8], canary: [6, 3], counts: [6, 7] },
  { name: "the surge carries the whole weight", replicas: 10, weight: 20, surge: 2, unavailable: 0, stable: [10, 10], canary: [0, 0], counts: [2, 10] },
  { name: "what is available lets as much go", replicas: 10, weight: 100, surge: 3, unavailable: 0, stable: [10, 10], canary: [3, 3], counts: [3, 7] },
  { name: "nothing goes before it is replaced", replicas: 10, weight: 100, surge: 3, unavailable: 0, stable: [10, 10], canary: [3, 0], counts: [3, 10] },
  { name: "all are replaced", replicas: 10, weight: 100, surge: 1, unavailable: 1, stable: [0, 0], canary: [10, 10], counts: [10, 0] },
  { name: "stable grows first on the way back", replicas: 10, weight: 0, surge: 1, unavailable: 0, stable: [5, 5], canary: [5, 5], counts: [5, 6] },
  { name: "on the way back the canary goes as stable comes", replicas: 10, weight: 0, surge: 1, unavailable: 0, stable: [6, 6], canary: [5, 5], counts: [4, 6] },
  { name: "pods of the canary that never came do not hold up the way back", replicas: 10, weight: 0, surge: 1, unavailable: 0, stable: [10, 10], canary: [1, 0], counts: [0, 10] },
  { name: "older sets go first", replicas: 10, weight: 50, surge: 1, unavailable: 1, stable: [8, 8], canary: [0, 0], others: 2, counts: [1, 8] },
  { name: "a surge as far as it goes", replicas: 10, weight: 30, surge: 2, unavailable: 0, stable: [10, 10], canary: [0, 0], counts: [2, 10] },
  { name: "stable gives way to a canary that has come", replicas: 10, weight: 20, surge: 2, unavailable: 0, stable: [10, 10], canary: [2, 2], counts: [2, 8] },
  { name: "without a surge stable gives way first", replicas: 10, weight: 20, surge: 0, unavailable: 2, stable: [10, 10], canary: [0, 0], counts: [0, 8] },
  { name: "and not further than may be missing", replicas: 10, weight: 30, surge: 0, unavailable: 2, stable: [10, 10], canary: [0, 0], counts: [0, 8] },
  { name: "with both, each at once", replicas: 10, weight: 50, surge: 2, unavailable: 1, stable: [10, 10], canary: [0, 0], counts: [2, 9] },
  { name: "no weight, no canary", replicas: 10, weight: 0, surge: 1, unavailable: 1, stable: [10, 10], canary: [1, 1], counts: [0, 10] },
  { name: "all the weight, no stable", replicas: 10, weight: 100, surge: 1, unavailable: 1, stable: [1, 1], canary: [10, 10], counts: [10, 0] },
  { name: "one replica at a small weight", replicas: 1, weight: 20, surge: 1, unavailable: 0, stable: [1, 1], canary: [0, 0], counts: [1, 1] },
  { name: "one replica at a great weight", replicas: 1, weight: 90, surge: 1, unavailable: 0, stable: [1, 1], canary: [0, 0], counts: [1, 1] },
  { name: "one replica without a surge below half stays stable", replicas: 1, weight: 49, surge: 0, unavailable: 1, stable: [1, 1], canary: [0, 0], counts: [0, 1] },
  { name: "one replica without a surge above half leaves stable", replicas: 1, weight: 51, surge: 0, unavailable: 1, stable: [1, 1], canary: [0, 0], counts: [0, 0] },
  { name: "and comes as the canary", replicas: 1, weight: 51, surge: 0, unavailable: 1, stable: [0, 0], canary: [0, 0], counts: [1, 0] },
  { name: "stable grows before the canary, and older sets are left", replicas: 10, weight: 30, surge: 1, unavailable: 0, stable: [1, 1], canary: [0, 0], others: 3, counts: [1, 7] },
  { name: "both shrink", replicas: 10, weight: 30, surge: 0, unavailable: 3, stable: [8, 5], canary: [4, 4], counts: [3, 7] },
  { name: "neither shrinks below what serves", replicas: 10, weight: 100, surge: 1, unavailable: 0, stable: [10, 2], canary: [10, 8], counts: [9, 2] },
  { name: "nothing shrinks while older sets can", replicas: 10, weight: 30, surge: 0, unavailable: 1, stable: [8, 6], canary: [4, 2], others: 3, counts: [4, 8] },
  { name: "an uneven weight does not go past the surge", replicas: 10, weight: 5, surge: 0, unavailable: 1, stable: [10, 10], canary: [0, 0], counts: [0, 9] },
  { name: "an uneven weight, next", replicas: 10, weight: 5, surge: 0, unavailable: 1, stable: [9, 9], canary: [0, 0], counts: [1, 9] },
  { name: "one may be missing where shares of both came to nothing", replicas: 10, weight: 10, surge: 0, unavailable: 1, stable: [10, 10], canary: [0, 0], counts: [0, 9] },
  { name: "the surge is kept where stable does not serve", replicas: 4, weight: 100, surge: 1, unavailable: 0, stable: [4, 1], canary: [0, 0], counts: [1, 4] },
  { name: "stable that does not serve goes as the canary comes", replicas: 4, weight: 100, surge: 1, unavailable: 0, stable: [4, 1], canary: [1, 1], counts: [1, 3] },
  { name: "as many go as may be missing", replicas: 3, weight: 99, surge: 0, unavailable: 2, stable: [3, 3], canary: [0, 0], counts: [0, 1] },
  { name: "and the canary takes their room", replicas: 3, weight: 99, surge: 0, unavailable: 2, stable: [1, 1], canary: [0, 0], counts: [2, 1] },
  { name: "back, first: stable surges", replicas: 4, weight: 0, surge: 1, unavailable: 0, stable: [0, 0], canary: [4, 4], counts: [4, 1] },
  { name: "back, second: the canary stays until it serves", replicas: 4, weight: 0, surge: 1, unavailable: 0, stable: [1, 0], canary: [4, 4], counts: [4, 1] },
  { name: "back, third: one for one", replicas: 4, weight: 0, surge: 1, unavailable: 0, stable: [1, 1], canary: [4, 4], counts: [3, 1] },
  { name: "all at once where all may surge and all may be missing", replicas: 4, weight: 100, surge: 4, unavailable: 4, stable: [4, 4], canary: [0, 0], counts: [4, 0] },
  { name: "all, within the surge", replicas: 4, weight: 100, surge: 3, unavailable: 0, stable: [4, 4], canary: [0, 0], counts: [3, 4] },
  { name: "nothing to divide", replicas: 0, weight: 50, surge: 0, unavailable: 0, stable: [0, 0], canary: [0, 0], counts: [0, 0] },
  { name: "a first set gets everything", replicas: 3, weight: 100, surge: 1, unavailable: 1, canary: [0, 0], counts: [3, 0] },
];

describe("basicCanaryCounts", () => {
  it.each(ROWS)("$name", ({ replicas, weight, surge, unavailable, stable, canary, others = 0, counts }) => {
    const size = (pair: [number, number] | undefined) => (pair === undefined ? undefined : { wanted: pair[0], available: pair[1] });
    const made = basicCanaryCounts({ replicas, weight, maxWeight: 100, maxSurge: surge, maxUnavailable: unavailable, stable: size(stable), canary: size(canary), others });
    expect([made.canary, made.stable]).toEqual(counts);
  });
});
