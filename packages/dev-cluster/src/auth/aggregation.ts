import { selects } from "@trireme/api";
import type { KubeObject } from "@trireme/api";
import { sameJson } from "../rest/objects.ts";
import type { Store } from "../storage/store.ts";

const BUCKET = "clusterroles.rbac.authorization.k8s.io";

/** Keeps the rules of aggregated ClusterRoles the union of the roles that they select. Answers the way to stop. */
export function aggregateRoles(store: Store): () => void {
  let planned = false;
  const run = (): void => {
    planned = false;
    const roles = store.list(BUCKET).map(({ object }) => object);
    for (const role of roles) if (role.aggregationRule) aggregate(store, role, roles);
  };
  const stop = store.onWrite(BUCKET, () => {
    if (planned) return;
    planned = true;
    queueMicrotask(run);
  });
  run();
  return stop;
}

function aggregate(store: Store, role: KubeObject, roles: readonly KubeObject[]): void {
  const rules: unknown[] = [];
  for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
    for (const source of roles) {
      if (source.metadata.name === role.metadata.name || !selects(selector, source.metadata.labels)) continue;
      for (const rule of source.rules ?? []) if (!rules.some((one) => sameJson(one, rule))) rules.push(rule);
    }
  }
  if (!sameJson(role.rules ?? [], rules)) store.put(BUCKET, role.metadata.name!, { ...role, rules });
}
