import { labelProblems } from "../rest/names.ts";
import type { Strategy } from "./strategy.ts";

const NAME_LABEL = "kubernetes.io/metadata.name";

/** Namespaces carry their name as a label, and live until their own finalizer is taken off at the finalize door. */
export const namespaceStrategy: Strategy = {
  returnsDeleted: true,
  marksPlainly: true,
  nameProblems: labelProblems,
  defaults(object) {
    if (object.metadata.name) object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
  },
  prepareCreate(object) {
    object.spec = { ...object.spec, finalizers: [...new Set([...(object.spec?.finalizers ?? []), "kubernetes"])] };
    object.status = { phase: "Active" };
    if (object.metadata.name) object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
  },
  prepareUpdate(object, old) {
    object.spec = old.spec;
    object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name! };
  },
};
