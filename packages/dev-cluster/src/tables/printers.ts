import type { Column } from "./columns.ts";

/** Printer columns of built-in kinds, by bucket. */
export const PRINTERS: Readonly<Record<string, readonly Column[]>> = {};
