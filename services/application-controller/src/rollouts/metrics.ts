import type { Rollout } from "@trireme/api/argo";
import type { Metrics } from "@trireme/runtime";
import { conditionOf, ConditionType, Reason, type RolloutEvent } from "@trireme/rollouts";

/** Of the deprecated `rollout_phase`; an invalid Rollout is in none of them. */
const PHASES = ["Completed", "Progressing", "Paused", "Timeout", "Error", "Abort"] as const;
type Phase = (typeof PHASES)[number] | "InvalidSpec";

const PHASE_OF: Readonly<Record<string, Phase>> = {
  [Reason.NewReplicaSetAvailable]: "Completed",
  [Reason.RolloutPaused]: "Paused",
  [Reason.ReplicaSetCreateError]: "Error",
  [Reason.ProgressDeadlineExceeded]: "Timeout",
  [Reason.RolloutAborted]: "Abort",
};
/** As labels name them, in the order in which a later one overrides. */
const ROUTERS = { alb: "ALB", ambassador: "Ambassador", istio: "Istio", nginx: "Nginx", smi: "SMI", appMesh: "AppMesh" } as const;

export interface RolloutMetrics {
  /** One look at a Rollout, in milliseconds. */
  visited(rollout: Named, ms: number): void;
  failed(rollout: Named): void;
  told(rollout: Rollout, event: Pick<RolloutEvent, "type" | "reason">): void;
  /** Figures of a Rollout that is gone go too. */
  forget(rollout: Named): void;
}

type Named = Readonly<Record<"namespace" | "name", string>>;

/** Argo Rollouts' figures of Rollouts; what they are is read from the caches when somebody asks. */
export function rolloutMetrics(metrics: Metrics, rollouts: () => Iterable<Rollout>): RolloutMetrics {
  const of = ["namespace", "name"] as const;
  const reconciles = metrics.histogram("rollout_reconcile", "Rollout reconciliation performance.", of, [0.01, 0.15, 0.25, 0.5, 1]);
  const errors = metrics.counter("rollout_reconcile_error", "Error occurring during the rollout", of);
  const events = metrics.counter("rollout_events_total", "Count of rollout events", [...of, "type", "reason"]);
  metrics.gauge("rollout_info", "Information about rollout.", [...of, "strategy", "traffic_router", "phase"], (gauge) => {
    gauge.reset();
    for (const rollout of rollouts()) gauge.set({ ...placeOf(rollout), strategy: strategyOf(rollout), traffic_router: routerOf(rollout), phase: phaseOf(rollout) }, 1);
  });
  const replicas = (name: string, help: string, count: (rollout: Rollout) => number) =>
    metrics.gauge(`rollout_info_replicas_${name}`, help, of, (gauge) => {
      gauge.reset();
      for (const rollout of rollouts()) gauge.set(placeOf(rollout), count(rollout));
    });
  replicas("available", "The number of available replicas per rollout.", ({ status }) => status?.availableReplicas ?? 0);
  replicas("unavailable", "The number of unavailable replicas per rollout.", ({ status }) => (status?.replicas ?? 0) - (status?.availableReplicas ?? 0));
  replicas("desired", "The number of desired replicas per rollout.", ({ spec }) => spec.replicas ?? 1);
  replicas("updated", "The number of updated replicas per rollout.", ({ status }) => status?.updatedReplicas ?? 0);
  metrics.gauge("rollout_phase", "Information on the state of the rollout (DEPRECATED - use rollout_info)", [...of, "strategy", "phase"], (gauge) => {
    gauge.reset();
    for (const rollout of rollouts()) for (const phase of PHASES) gauge.set({ ...placeOf(rollout), strategy: strategyOf(rollout), phase }, phaseOf(rollout) === phase ? 1 : 0);
  });
  const told = new Map<string, Set<string>>();
  return {
    visited: ({ namespace, name }, ms) => reconciles.observe({ namespace, name }, ms / 1000),
    failed: ({ namespace, name }) => errors.inc({ namespace, name }),
    told(rollout, { type, reason }) {
      const place = placeOf(rollout);
      events.inc({ ...place, type, reason });
      const key = `${place.namespace}/${place.name}`;
      const kinds = told.get(key) ?? new Set();
      told.set(key, kinds.add(`${type}/${reason}`));
    },
    forget({ namespace, name }) {
      reconciles.remove({ namespace, name });
      errors.remove({ namespace, name });
      for (const kind of told.get(`${namespace}/${name}`) ?? []) {
        const [type = "", reason = ""] = kind.split("/");
        events.remove({ namespace, name, type, reason });
      }
      told.delete(`${namespace}/${name}`);
    },
  };
}

const placeOf = ({ metadata }: Rollout): Named => ({ namespace: metadata.namespace ?? "", name: metadata.name ?? "" });

function strategyOf({ spec: { strategy } }: Rollout): string {
  return strategy?.blueGreen ? "blueGreen" : strategy?.canary ? "canary" : "none";
}

function routerOf({ spec: { strategy } }: Rollout): string {
  const routing = (strategy?.blueGreen ? undefined : strategy?.canary?.trafficRouting) as Record<string, unknown> | undefined;
  return Object.entries(ROUTERS).findLast(([field]) => routing?.[field] != null)?.[1] ?? "";
}

/** Not the status' own phase: what the Progressing condition says, as Argo Rollouts' collector reads it. */
function phaseOf({ status = {} }: Rollout): Phase {
  if (conditionOf(status, ConditionType.InvalidSpec) !== undefined) return "InvalidSpec";
  return PHASE_OF[conditionOf(status, ConditionType.Progressing)?.reason ?? ""] ?? "Progressing";
}
