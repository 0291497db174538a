import type { KubeObject } from "@trireme/api";
import type { ObjectComparison } from "../applications/compare.ts";
import { differencesOf } from "./differences.ts";

const object = (kind: string, name: string, more: object = {}): KubeObject => ({ apiVersion: "v1", kind, metadata: { name, namespace: "team" }, ...more });

describe("the objects that differ", () => {
  it("are those in both places with a difference, in one place alone, and nothing else, in order", () => {
    const found = shown(compared(object("Service", "b"), object("Service", "b"), false), compared(object("Service", "c"), undefined), compared(undefined, object("Service", "a")), compared(object("ConfigMap", "z"), object("ConfigMap", "z")));
    expect(found.map(({ kind, name, state, desired, live }) => [kind, name, state, desired !== undefined, live !== undefined])).toEqual([
      ["ConfigMap", "z", "Modified", true, true],
      ["Service", "a", "RequiresPruning", false, true],
      ["Service", "c", "Missing", true, false],
    ]);
  });

  it("leave out a hook that is still there: no sync takes it away", () => {
    const hook = object("Pod", "check", { metadata: { name: "check", namespace: "team", annotations: { "argocd.argoproj.io/hook": "PostSync" } } });
    expect(shown(compared(undefined, hook))).toEqual([]);
  });

  it("say who wrote each field, and when", () => {
    const writer = { manager: "kubectl-scale", operation: "Update", time: "2026-01-01T00:00:00Z" };
    const [one] = shown({ ...compared(object("ConfigMap", "z"), object("ConfigMap", "z")), differences: [{ path: "data.a", pointer: "/data/a", desired: "1", live: "2", writer }] });
    expect(one!.fields).toEqual([{ path: "data.a", desired: '"1"', live: '"2"', writer: "kubectl-scale", operation: "Update", writtenAt: "2026-01-01T00:00:00Z" }]);
  });

  it("never say what a Secret holds, but that it differs", () => {
    const [one] = shown({ ...compared(object("Secret", "s", { data: { a: "redacted:one" } }), object("Secret", "s", { data: { a: "redacted:two" } })), differences: [{ path: "data.a", pointer: "/data/a", desired: "redacted:one", live: "redacted:two" }] });
    expect(one!.fields).toEqual([{ path: "data.a" }]);
    expect(JSON.parse(one!.desired!).data.a).toMatch(/^\++$/);
    expect(one!.desired).not.toBe(one!.live);
  });
});

const shown = (...objects: ObjectComparison[]) => [...differencesOf(objects, [])];

function compared(target: KubeObject | undefined, live: KubeObject | undefined, modified = true): ObjectComparison {
  const { kind, metadata } = (target ?? live)!;
  return { key: { group: "", kind, namespace: metadata.namespace ?? "", name: metadata.name ?? "" }, target, live, modified, predicted: target, normalizedLive: live, differences: [] };
}
