export type { ApplyOptions } from "./server-side-apply.ts";
export { serverSideApply } from "./server-side-apply.ts";
export type { UpdateOptions } from "./track-update.ts";
export { trackUpdate } from "./track-update.ts";
export type { KindSchema } from "./object-versions.ts";
export { conflictMessage, conflictStatus } from "./conflicts.ts";
export { keepTimes } from "./keep-times.ts";
export { customResourceSchema, firstSchema, openApiSchemas } from "./schema-source.ts";
