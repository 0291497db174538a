import { lanesOf } from "./lanes.ts";

const set = (revision: string, more: object = {}) => ({ name: `web-${revision}`, revision, ...more });

describe(lanesOf, () => {
  it("shares the traffic of a canary between the newest and the stable set, in the order in which they came", () => {
    const { lanes, others } = lanesOf({ namespace: "team", name: "web", currentRevision: "3", weight: { desired: 40, actual: 25 }, sets: [set("3", { roles: ["canary"], desired: 1 }), set("2", { roles: ["stable"], desired: 3 }), set("1")] });
    expect(lanes.map(({ set: { name }, share, asked }) => [name, share, asked])).toEqual([["web-2", 75, 60], ["web-3", 25, 40]]);
    expect(others.map(({ name }) => name)).toEqual(["web-1"]);
  });

  it("shows what is on its way out without a share, and asks for nothing that is so already", () => {
    const { lanes } = lanesOf({ namespace: "team", name: "web", currentRevision: "3", weight: { desired: 100, actual: 100 }, sets: [set("3", { roles: ["stable"], desired: 1 }), set("2", { pods: [{ name: "p", terminating: true }] })] });
    expect(lanes.map(({ share, asked }) => [share, asked])).toEqual([[undefined, undefined], [100, undefined]]);
  });

  it("puts each Service to the set that it selects, and aside where it selects none", () => {
    const { lanes, idle } = lanesOf({ namespace: "team", name: "web", currentRevision: "2", sets: [set("2", { desired: 2 }), set("1", { desired: 2 })], services: [{ name: "active", set: "web-1" }, { name: "preview", set: "web-2" }, { name: "other" }] });
    expect(lanes.map(({ services, share }) => [services.map(({ name }) => name), share])).toEqual([[["active"], undefined], [["preview"], undefined]]);
    expect(idle).toEqual([{ name: "other" }]);
  });
});
