import { dropFields } from "./disabled-fields.ts";
import type { Strategy } from "./strategy.ts";

/** Kubelets took their configuration from the API once; the field is still in the schema. */
export const nodeStrategy: Strategy = {
  prepareCreate(object) {
    if (object.spec) delete object.spec.configSource;
    if (object.status) delete object.status.config;
  },
  prepareUpdate(object, old) {
    dropFields(object.spec, old.spec, ["configSource"]);
  },
};
