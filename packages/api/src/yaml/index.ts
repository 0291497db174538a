export type { FieldPath } from "./positions.ts";
export type { YamlDocument, YamlLimits } from "./parse.ts";
export { parseYaml, parseYamlDocuments, YAML_LIMITS } from "./parse.ts";
export { GO_SCHEMA } from "./go-schema.ts";
export { writeYaml } from "./write.ts";
