export * from "./cache.ts";
export * from "./consumer.ts";
export * from "./jobs.ts";
export * from "./producer.ts";
export * from "./redis.ts";
