import { chapter } from "../call.ts";
import { MERGE, post, get, patch, remove, map } from "../words.ts";

export const deletion = chapter("deletion", ({ core }) => [
  post("what is deleted", core("configmaps"), map("applied")),
  post("what waits", core("configmaps"), map("one")),
  remove("with a wrong uid", core("configmaps/applied"), { preconditions: { uid: "other" } }),
  remove("with a wrong policy", core("configmaps/applied"), { propagationPolicy: "Sometimes" }),
  remove("a config map", core("configmaps/applied")),
  remove("it again", core("configmaps/applied")),
  post("with a finalizer", core("configmaps"), { ...map("held"), metadata: { name: "held", finalizers: ["test.dev/hold"] } }),
  remove("that one", core("configmaps/held")),
  patch("one more finalizer", core("configmaps/held"), MERGE, { metadata: { finalizers: ["test.dev/hold", "test.dev/more"] } }),
  patch("no finalizer", core("configmaps/held"), MERGE, { metadata: { finalizers: null } }),
  remove("in the foreground", core("configmaps/one"), { propagationPolicy: "Foreground" }),
  get("waiting for its dependents", core("configmaps/one")),
]);
