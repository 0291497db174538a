import { chapter } from "../call.ts";
import { get } from "../words.ts";

export const watchParameters = chapter("watch parameters", ({ core }) => [
  get("a watch with a wrong match", core("configmaps?watch=1&sendInitialEvents=true")),
  get("a watch that must match", core("configmaps?watch=1&resourceVersionMatch=Exact&resourceVersion=1")),
  get("a watch of a bad version", core("configmaps?watch=1&resourceVersion=x")),
]);
