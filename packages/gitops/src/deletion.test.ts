import type { KubeObject } from "@trireme/api";
import { confirmsDeletion, keptOnDeletion } from "./deletion.ts";

const object = (annotations: Record<string, string> = {}, kind = "ConfigMap", apiVersion = "v1"): KubeObject => ({ apiVersion, kind, metadata: { name: "a", annotations } });
const option = (value: string) => object({ "argocd.argoproj.io/sync-options": value });

test.each<[string, KubeObject, string[] | undefined, ReturnType<typeof keptOnDeletion>]>([
  ["any object", object(), undefined, undefined],
  ["a definition", object({}, "CustomResourceDefinition", "apiextensions.k8s.io/v1"), undefined, "CustomResourceDefinition"],
  ["what its chart keeps", object({ "helm.sh/resource-policy": "keep" }), undefined, "ResourcePolicy"],
  ["what is annotated so", option("Prune=false, Delete=false"), undefined, "SyncOption"],
  ["what the application's options say", object(), ["Delete=false"], "SyncOption"],
  ["what its annotation says against them", option("Delete=true"), ["Delete=false"], undefined],
])("%s outlives its application or not", (_name, of, options, kept) => expect(keptOnDeletion(of, options)).toBe(kept));

test("what asks to be confirmed is not kept", () => {
  expect([confirmsDeletion(option("Delete=confirm"), undefined), keptOnDeletion(option("Delete=confirm"), undefined), confirmsDeletion(object(), [])]).toEqual([true, undefined, false]);
});
