export const LIST_VIEWS = ["list", "tiles", "summary"] as const;
export type ListView = (typeof LIST_VIEWS)[number];
