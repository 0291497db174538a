import { notAcceptable, StatusError } from "./status-error.ts";

export type Form = "object" | "table" | "metadata";

export interface Wanted {
  form: Form;
  /** Version of meta.k8s.io that tables and metadata are written in. */
  version: "v1" | "v1beta1";
  yaml: boolean;
}

const PLAIN: Wanted = { form: "object", version: "v1", yaml: false };
const ACCEPTED = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** The first form in the Accept header that this server can answer in. Throws 406 where there is none. */
export function negotiate(accept: string | undefined): Wanted {
  if (!accept) return PLAIN;
  let known = false;
  for (const part of accept.split(",")) {
    const [media = "", ...parameters] = part.split(";").map((one) => one.trim());
    const values = new Map(parameters.map((one) => one.split("=", 2) as [string, string]));
    const yaml = media.toLowerCase() === "application/yaml";
    if (!yaml && !["application/json", "*/*", "application/*"].includes(media.toLowerCase())) continue;
    if (values.get("stream") !== undefined && values.get("stream") !== "watch") continue;
    known = true;
    const as = values.get("as");
    if (as === undefined) return { ...PLAIN, yaml };
    const version = values.get("v");
    if (values.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) continue;
    if (as === "Table") return { form: "table", version, yaml };
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return { form: "metadata", version, yaml };
  }
  if (known) throw new StatusError(406, "NotAcceptable", `only the following media types are accepted: ${ACCEPTED.join(", ")}`);
  throw notAcceptable(ACCEPTED);
}
