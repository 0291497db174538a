export * from "./git-server.ts";
export * from "./work-tree.ts";
