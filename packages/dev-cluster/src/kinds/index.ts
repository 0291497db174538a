import type { ResourceType } from "../types/resource-type.ts";
import { crdStrategy } from "./custom-resource-definition.ts";
import { namespaceStrategy } from "./namespace.ts";
import type { Strategy } from "./strategy.ts";

const counted: Strategy = { generation: true };

/** Strategies by bucket; kinds that are not listed have nothing particular. */
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  namespaces: namespaceStrategy,
  "customresourcedefinitions.apiextensions.k8s.io": crdStrategy,
  "deployments.apps": counted,
  "replicasets.apps": counted,
  "statefulsets.apps": counted,
  "daemonsets.apps": counted,
};

const NOTHING: Strategy = {};

export function strategyOf(type: ResourceType): Strategy {
  return STRATEGIES[type.bucket] ?? NOTHING;
}
