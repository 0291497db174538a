export * from "./types.ts";
export { resolveTemplates } from "./templates.ts";
export { buildAnalysisRun, isSameAnalysis } from "./build-run.ts";
export { rolloutArguments } from "./rollout-args.ts";
