/** The ways of looking at one application, in the order of their keys 1 to 5; the first is shown where none is chosen. */
export const VIEWS = ["tree", "network", "pods", "list", "timeline"] as const;
export type View = (typeof VIEWS)[number];

/** Reads `?view=`. */
export const viewOf = (parameter: string | null): View => VIEWS.find((view) => view === parameter) ?? "tree";
