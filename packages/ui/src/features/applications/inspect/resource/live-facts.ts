import type { LiveObject } from "./summary.tsx";

export interface ContainerFacts {
  name: string;
  image: string;
  init: boolean;
  /** running, waiting, terminated; empty for a template. */
  state: string;
  reason: string;
  restarts: number | undefined;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** The containers of a pod with their states, or those of a workload's template. */
export function containersOf({ spec, status }: LiveObject): ContainerFacts[] {
  const template = spec?.containers !== undefined ? spec : spec?.template?.spec;
  const states = new Map<string, any>([...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].map((one: any) => [one.name, one]));
  const facts = (init: boolean) => (container: { name: string; image?: string }) => {
    const known = states.get(container.name);
    const [state = "", detail] = Object.entries(known?.state ?? {})[0] ?? [];
    return { name: container.name, image: container.image ?? "", init, state, reason: (detail as { reason?: string } | undefined)?.reason ?? "", restarts: known?.restartCount };
  };
  return [...(template?.initContainers ?? []).map(facts(true)), ...(template?.containers ?? []).map(facts(false))];
}

export function conditionsOf({ status }: LiveObject): Condition[] {
  const found: unknown = status?.conditions;
  return Array.isArray(found) ? found.filter((one): one is Condition => typeof one?.type === "string") : [];
}
