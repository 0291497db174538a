export * from "./git-server.ts";
export * from "./work-tree.ts";
export * from "./github.ts";
