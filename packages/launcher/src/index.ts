export * from "./cluster-setup.ts";
export * from "./folders.ts";
export * from "./ports.ts";
export * from "./redis.ts";
export * from "./sample-repository.ts";
export * from "./supervisor.ts";
export * from "./tools.ts";
export * from "./trio.ts";
