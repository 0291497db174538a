import type { KubeObject } from "@trireme/api";
import { Recent, Version } from "./version.ts";

const aMap = (name: string): KubeObject => ({ kind: "ConfigMap", apiVersion: "v1", metadata: { name, resourceVersion: "7" }, data: { a: "b" } });

describe(Version, () => {
  it("keeps the objects that were looked at last, and reads the others from their text", () => {
    const recent = new Recent(2);
    const versions = ["a", "b", "c"].map((name, index) => new Version(recent, `default/${name}`, JSON.stringify(aMap(name)), index, aMap(name)));
    const [a, b, c] = versions.map((version) => version.object) as [KubeObject, KubeObject, KubeObject];
    expect([a, b, c]).toEqual([aMap("a"), aMap("b"), aMap("c")]);
    // Two at a time: `b` and `c` were looked at after `a`.
    expect([versions[1]!.object, versions[2]!.object].map((object, index) => object === [b, c][index])).toEqual([true, true]);
    expect(versions[0]!.object).not.toBe(a);
    expect(versions[0]!.object).toEqual(a);
  });

  it("is there without its object from the start, as it is read from disk", () => {
    const version = new Version(new Recent(2), "default/a", JSON.stringify(aMap("a")), 7);
    expect(version.object).toEqual(aMap("a"));
    expect(version.object).toBe(version.object);
  });
});
