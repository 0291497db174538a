import type * as engineModule from "./engine.ts";

type Engine = typeof engineModule;

let engine: Engine | undefined;

/** What a CRD's schema says where it carries rules. */
export const RULES = "x-kubernetes-validations";

/** Reads the evaluator of rules; whoever writes something with rules waits for this once, and nobody else does. */
export async function loadRules(): Promise<void> {
  engine ??= await import("./engine.ts");
}

export function rules(): Engine {
  if (!engine) throw new Error("rules of a CRD were asked for before their evaluator was read");
  return engine;
}
