import { ServingPromise, type Sight } from "./_promise.ts";

type Moment = [replicas: number, serving: number, staying: number];

const see = (maxUnavailable: number, moments: Moment[]) => {
  const promise = new ServingPromise();
  for (const [replicas, serving, staying] of moments) promise.see({ replicas, maxUnavailable, serving, staying } satisfies Sight);
};

describe("the promise that random rollouts are held to", () => {
  it.each<{ name: string; maxUnavailable: number; moments: Moment[] }>([
    { name: "a first deployment promises nothing before all serve", maxUnavailable: 0, moments: [[4, 0, 0], [4, 3, 3], [4, 2, 2]] },
    { name: "as many as may be missing go", maxUnavailable: 1, moments: [[4, 4, 4], [4, 3, 3]] },
    { name: "more are wanted: what served goes on to count", maxUnavailable: 1, moments: [[4, 4, 4], [9, 3, 3], [9, 8, 8]] },
    { name: "more are wanted while pods go that were not needed before: their going breaks nothing", maxUnavailable: 1, moments: [[7, 7, 7], [7, 9, 7], [9, 9, 7], [9, 7, 7]] },
    { name: "fewer are wanted", maxUnavailable: 0, moments: [[9, 9, 9], [2, 9, 9], [2, 2, 2]] },
  ])("holds: $name", ({ maxUnavailable, moments }) => {
    expect(() => see(maxUnavailable, moments)).not.toThrow();
  });

  it("goes over to the set that serves from now on, with what was promised of that", () => {
    const [serving, standby] = [new ServingPromise(), new ServingPromise()];
    const sight = (count: number): Sight => ({ replicas: 9, maxUnavailable: 0, serving: count, staying: count });
    standby.see({ ...sight(1), replicas: 1 });
    serving.see(sight(9));
    standby.see(sight(6));
    serving.take(standby);
    expect(() => serving.see(sight(6))).not.toThrow();
    expect(() => serving.see(sight(0))).toThrow("0 pods serve, 1 were promised");
  });

  it.each<{ name: string; maxUnavailable: number; moments: Moment[]; says: string }>([
    { name: "one too many goes", maxUnavailable: 1, moments: [[4, 4, 4], [4, 2, 2]], says: "2 pods serve, 3 were promised" },
    { name: "more are wanted, and fewer serve than did", maxUnavailable: 1, moments: [[7, 7, 7], [9, 5, 5]], says: "5 pods serve, 6 were promised" },
    { name: "all of a new size served once", maxUnavailable: 1, moments: [[7, 7, 7], [9, 9, 9], [9, 7, 7]], says: "7 pods serve, 8 were promised" },
    { name: "fewer are wanted, and not even those serve", maxUnavailable: 0, moments: [[9, 9, 9], [2, 1, 1]], says: "1 pods serve, 2 were promised" },
  ])("is broken: $name", ({ maxUnavailable, moments, says }) => {
    expect(() => see(maxUnavailable, moments)).toThrow(says);
  });
});
