import { chapter } from "../call.ts";
import { post, remove, map } from "../words.ts";

export const ends = chapter("ends", ({ NS, core }) => [
  post("a config map", core("configmaps"), map("one")),
  remove("all config maps", core("configmaps?labelSelector=nothing")),
  remove("a namespace that may not go", "/api/v1/namespaces/kube-system"),
  remove("the namespace", `/api/v1/namespaces/${NS}`),
  post("too late", core("configmaps"), map("late")),
]);
