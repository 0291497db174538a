export * from "./kubernetes.ts";
