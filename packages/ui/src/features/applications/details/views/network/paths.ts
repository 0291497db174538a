import { objectKey, type AppObject, type AppObjects } from "../../tree.ts";

/** A way into the application: who is reached from outside or by name, and what that leads to. */
export interface Way {
  object: AppObject;
  /** Addresses outside the cluster. */
  urls: readonly string[];
  hosts: readonly string[];
  /** Services behind an Ingress; pods behind a Service. */
  to: readonly Way[];
}

/**
 * How traffic comes in: every object that leads somewhere and that nothing else leads to, with what is behind it. Where
 * a Service has the pods that its selector means; what leads in a circle is not followed a second time.
 */
export function waysIn({ all }: AppObjects): Way[] {
  const objects = [...all.values()];
  const pods = objects.filter(({ node }) => node.networkingInfo?.labels !== undefined);
  const targets = (object: AppObject): AppObject[] => {
    const { targetRefs, targetLabels } = object.node.networkingInfo ?? {};
    const named = (targetRefs ?? []).flatMap((ref) => all.get(objectKey(ref)) ?? []);
    const wanted = Object.entries(targetLabels ?? {});
    const selected = wanted.length === 0 ? [] : pods.filter(({ node }) => (node.namespace ?? "") === (object.node.namespace ?? "") && wanted.every(([name, value]) => node.networkingInfo?.labels?.[name] === value));
    return [...new Set([...named, ...selected])];
  };
  const leading = objects.filter(({ node }) => Object.keys(node.networkingInfo?.targetLabels ?? {}).length > 0 || (node.networkingInfo?.targetRefs ?? []).length > 0);
  const reached = new Set(leading.flatMap(targets));
  const way = (object: AppObject, before: readonly AppObject[]): Way => {
    const { externalURLs, ingress } = object.node.networkingInfo ?? {};
    const trail = [...before, object];
    return { object, urls: externalURLs ?? [], hosts: (ingress ?? []).flatMap(({ hostname, ip }) => hostname ?? ip ?? []), to: targets(object).filter((target) => !trail.includes(target)).map((target) => way(target, trail)) };
  };
  return leading.filter((object) => !reached.has(object)).map((object) => way(object, []));
}
