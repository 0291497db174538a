import { chapter } from "../call.ts";
import { MERGE, APPLY, patch, map } from "../words.ts";

export const apply = chapter("apply of config maps", ({ core }) => [
  patch("apply creates", core("configmaps/applied?fieldManager=me"), APPLY, map("applied")),
  patch("apply without a manager", core("configmaps/applied"), APPLY, map("applied")),
  patch("apply again", core("configmaps/applied?fieldManager=me"), APPLY, map("applied")),
  patch("apply by another", core("configmaps/applied?fieldManager=you"), APPLY, map("applied", { a: "c" })),
  patch("apply by another, the same value", core("configmaps/applied?fieldManager=you"), APPLY, map("applied", { a: "b", more: "1" })),
  patch("apply by force", core("configmaps/applied?fieldManager=you&force=true"), APPLY, map("applied", { a: "c" })),
  patch("apply of an unknown field", core("configmaps/applied?fieldManager=me"), APPLY, { ...map("applied"), dta: {} }),
  patch("apply of a wrong kind", core("configmaps/applied?fieldManager=me"), APPLY, { ...map("applied"), kind: "Secret" }),
  patch("apply to another name", core("configmaps/applied?fieldManager=me"), APPLY, map("else")),
  patch("apply with managed fields", core("configmaps/applied?fieldManager=me"), APPLY, { ...map("applied"), metadata: { name: "applied", managedFields: [] , } }),
  patch("force without apply", core("configmaps/applied?force=true"), MERGE, {}),
]);
