import type { KubeObject } from "@trireme/api";
import { rulesFor, type IgnoreRule } from "@trireme/gitops";

/**
 * A target with the live values of fields whose differences are ignored, so that an apply does not touch them.
 * The status stays out of it: it is never the sync's. Rules by jq programs are those of plain paths only.
 */
export function withIgnoredValues(target: KubeObject, live: KubeObject, rules: readonly IgnoreRule[]): KubeObject {
  let out = target;
  for (const rule of rulesFor(target, rules)) {
    const paths = [...(rule.jsonPointers ?? []).map(stepsOfPointer), ...(rule.jqPathExpressions ?? []).map(stepsOfExpression)];
    for (const path of paths) if (path !== undefined && path.length > 0 && path[0] !== "status") out = copied(out, live, path) as KubeObject;
  }
  return out;
}

function stepsOfPointer(pointer: string): string[] | undefined {
  return pointer.startsWith("/") ? pointer.slice(1).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")) : undefined;
}

/** `.spec.replicas`, `.spec.template.spec.containers[0].image`, `.metadata.annotations["a/b"]`; anything else is no plain path. */
function stepsOfExpression(expression: string): string[] | undefined {
  if (!/^(\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\]|\.?\["[^"\\]*"\])+$/.test(expression)) return undefined;
  return [...expression.matchAll(/\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\["([^"]*)"\]/g)].map(([, name, index, quoted]) => name ?? index ?? quoted!);
}

function copied(target: unknown, live: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path as [string, ...string[]];
  if (live === undefined || live === null || typeof live !== "object") return target;
  if (Array.isArray(live)) {
    const index = Number(step);
    if (!Array.isArray(target) || !Number.isInteger(index) || index >= live.length || index >= target.length) return target;
    return target.map((item, at) => (at === index ? (rest.length === 0 ? live[index] : copied(item, live[index], rest)) : item));
  }
  const there = (live as Record<string, unknown>)[step];
  const base = (typeof target === "object" && target !== null && !Array.isArray(target) ? target : {}) as Record<string, unknown>;
  if (there === undefined) {
    if (rest.length > 0 || !(step in base)) return target;
    const { [step]: _, ...without } = base;
    return without;
  }
  return { ...base, [step]: rest.length === 0 ? there : copied(base[step], there, rest) };
}
