import { larger, plus, type Amounts } from "./amounts.ts";

/** What a pod asks for, or may take at most: its containers together, or the most that its init containers need before. */
export function podResources(spec: Record<string, any>, which: "requests" | "limits"): Record<string, string> {
  let total: Record<string, string> = {};
  for (const container of spec["containers"] ?? []) total = plus(total, amountsOf(container, which));
  let beside: Record<string, string> = {};
  let initial: Record<string, string> = {};
  for (const container of spec["initContainers"] ?? []) {
    const own = amountsOf(container, which);
    if (container.restartPolicy === "Always") {
      total = plus(total, own);
      beside = plus(beside, own);
      initial = larger(initial, beside);
    } else initial = larger(initial, plus(own, beside));
  }
  return { ...larger(total, initial), ...spec["resources"]?.[which] };
}

function amountsOf(container: Record<string, any>, which: "requests" | "limits"): Amounts {
  return container["resources"]?.[which] ?? {};
}
