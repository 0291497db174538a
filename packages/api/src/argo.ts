/** Argo's resources and our own: their shapes as the definitions say them, and the words that stand in them. */
export type * from "./generated/index.ts";
export * from "./vocabularies.ts";
