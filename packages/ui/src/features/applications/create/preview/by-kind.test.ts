import { byKind } from "./by-kind.ts";
import type { PreviewedObject } from "./use-preview.ts";

const object = (kind: string, name: string, more: Partial<PreviewedObject> = {}): PreviewedObject => ({ kind, name, state: "New", ...more });

it("groups by kind, with what needs a look first", () => {
  const groups = byKind([object("Service", "a"), object("ConfigMap", "new"), object("ConfigMap", "changed", { state: "Modified" }), object("ConfigMap", "theirs", { owner: "other", state: "Modified" }), object("ConfigMap", "refused", { problem: "no" })]);
  expect(groups.map(({ kind, objects }) => [kind, ...objects.map(({ name }) => name)])).toEqual([["ConfigMap", "refused", "theirs", "changed", "new"], ["Service", "a"]]);
});
