import { keyText, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { formatConditions, isHook, quarantineOf, withoutQuarantine } from "@trireme/gitops";
import { AppError, Code } from "@trireme/runtime";
import { waited } from "@trireme/runtime/waited";
import { clusters as contract, type Services } from "@trireme/rpc";
import type { Reconciler } from "../applications/reconciler.ts";
import { masked } from "../clusters/redact.ts";
import type { Deps } from "../deps.ts";
import { clusterInfo } from "./cluster-info.ts";
import { compareEntry, differencesOf } from "./differences.ts";
import { preview } from "./preview.ts";
import { recordOf, releasesOf } from "./releases.ts";
import { applicationTree } from "./tree.ts";
import { whyNot } from "./why.ts";

/** Trees that change faster than this are told at this pace. */
const TREE_PACE_MS = 100;

/** What the controller knows of destination clusters, for the api-server. */
export function clustersService(deps: Deps, reconciler: Reconciler): Services {
  const { plane } = deps;
  const chunk = (value: unknown) => ({ json: Buffer.from(JSON.stringify(value)) });

  const find = (request: contract.AppRequest | null): Application => {
    const app = request === null ? undefined : plane.app(request.namespace || plane.namespace, request.name);
    if (app === undefined || (request!.uid !== "" && app.metadata.uid !== request!.uid)) throw new AppError(`application ${request?.namespace}/${request?.name} is not known here`, { reason: "ApplicationNotFound", code: Code.NotFound, retry: "later" });
    return app;
  };
  /** The application's memory once it has been compared; what keeps it from that is the error. */
  const compared = async (app: Application, signal: AbortSignal) => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const memory = reconciler.memory(app);
      if (memory?.desired !== undefined) return memory;
      const conditions = (plane.app(app.metadata.namespace ?? "", app.metadata.name ?? "")?.status?.conditions ?? []).filter(({ type }) => type === "ComparisonError" || type === "InvalidSpecError");
      if (conditions.length > 0 && (attempt > 0 || memory !== undefined)) throw new AppError(formatConditions(conditions), { reason: "NotCompared", code: Code.FailedPrecondition, retry: "later" });
      reconciler.wakeApp(app, { level: 2 });
      await waited(reconciler.executor.settled(app.metadata.uid ?? ""), signal);
    }
    throw new AppError(`application ${app.metadata.namespace}/${app.metadata.name} has not been compared yet`, { reason: "NotCompared", code: Code.Unavailable, retry: "later" });
  };

  const handlers: contract.ClustersHandlers = {
    async *ManagedResources(request, call) {
      const memory = await compared(find(request), call.signal);
      const hidden = plane.settings().maskedAnnotations;
      for (const { key, target, live, modified, predicted, normalizedLive } of memory.compared.values()) {
        const isSecret = key.kind === "Secret" && key.group === "";
        const [shownTarget, shownLive, shownPredicted, shownNormalized] = isSecret ? masked([target, live, predicted, normalizedLive], hidden) : [target, live, predicted, normalizedLive];
        yield chunk({
          ...(key.group !== "" && { group: key.group }),
          kind: key.kind,
          ...(key.namespace !== "" && { namespace: key.namespace }),
          name: key.name,
          targetState: text(shownTarget),
          liveState: text(shownLive),
          ...(live !== undefined && isHook(live) && { hook: true }),
          normalizedLiveState: text(shownNormalized),
          predictedLiveState: text(shownPredicted),
          ...(live?.metadata.resourceVersion !== undefined && { resourceVersion: live.metadata.resourceVersion }),
          ...(modified && { modified: true }),
        });
      }
    },
    async ResourceTree(request, call) {
      const app = find(request);
      await compared(app, call.signal);
      return chunk(applicationTree(deps, reconciler, app));
    },
    async *WatchTree(request, call) {
      const app = find(request);
      await compared(app, call.signal);
      let wake = Promise.withResolvers<void>();
      const look = (): void => wake.resolve();
      const stop = reconciler.onTree(app.metadata.uid ?? "", look);
      call.signal.addEventListener("abort", look);
      try {
        let last = "";
        while (!call.signal.aborted) {
          const now = plane.app(app.metadata.namespace ?? "", app.metadata.name ?? "");
          if (now === undefined || now.metadata.uid !== app.metadata.uid) return;
          const json = JSON.stringify(applicationTree(deps, reconciler, now));
          if (json !== last) yield { json: Buffer.from(json) };
          last = json;
          await wake.promise;
          wake = Promise.withResolvers<void>();
          await new Promise<void>((resolve) => deps.ctx.clock.at(deps.ctx.clock.now() + TREE_PACE_MS, resolve));
        }
      } finally {
        stop();
        call.signal.removeEventListener("abort", look);
      }
    },
    async Resource(request, call) {
      const app = find(request.app);
      await compared(app, call.signal);
      const live = deps.clusters.live(deps.clusters.resolve(app.spec.destination));
      const key = { group: request.group, kind: request.kind, namespace: request.resourceNamespace, name: request.resourceName };
      const inTree = applicationTree(deps, reconciler, app).nodes.some((node) => (node.group ?? "") === key.group && node.kind === key.kind && (node.namespace ?? "") === key.namespace && node.name === key.name);
      const object = inTree ? live.get(key) : undefined;
      if (object === undefined) throw new AppError(`${request.kind} ${request.group} ${request.resourceName} not found as part of application ${app.metadata.name}`, { reason: "ResourceNotFound", code: Code.InvalidArgument, retry: "later", details: { key: keyText(key) } });
      return chunk(masked([object], plane.settings().maskedAnnotations)[0]);
    },
    ClusterInfo: async (request) => ({ infoJsonByServer: Object.fromEntries(clusterInfo(deps, reconciler, request.server).map(([server, info]) => [server, Buffer.from(JSON.stringify(info))])) }),
    async Refresh(request) {
      if (request.app !== null && request.app.name !== "") {
        reconciler.wakeApp(find(request.app), { level: request.hard ? 3 : 0, hard: request.hard });
        return { applications: 1 };
      }
      return { applications: await reconciler.polls.refresh({ repoURL: request.repoUrl, ref: request.ref, ...(request.hint !== "" && { hint: request.hint }) }) };
    },
    async Releases(request, call) {
      const app = find(request);
      await compared(app, call.signal);
      return chunk({ rollouts: releasesOf(deps, reconciler, app), ...recordOf(deps, app) });
    },
    async LiftQuarantine(request) {
      const app = find(request.app);
      const record = deps.releases.of(app);
      if (request.digest !== "" && quarantineOf(record, request.digest) === undefined) throw new AppError(`nothing of application ${app.metadata.name} with digest ${request.digest} is quarantined`, { reason: "NotQuarantined", code: Code.NotFound, retry: "never" });
      const lifted = withoutQuarantine(record, request.digest === "" ? undefined : request.digest);
      if (lifted !== record) await deps.releases.write(app, lifted);
      return chunk({ rollouts: releasesOf(deps, reconciler, app), ...recordOf(deps, app) });
    },
    Why: async (request) => chunk(whyNot(deps, reconciler, find(request))),
    async *Differences(request, call) {
      const memory = await compared(find(request), call.signal);
      for (const difference of differencesOf(memory.compared.values(), plane.settings().maskedAnnotations)) yield chunk(difference);
    },
    async *RollbackDifferences(request, call) {
      const app = find(request.app);
      const memory = await compared(app, call.signal);
      const objects = await compareEntry(deps, app, memory, request.historyId, call.signal);
      for (const difference of differencesOf(objects, plane.settings().maskedAnnotations)) yield chunk(difference);
    },
    async *Preview(request, call) {
      const { head, objects } = await preview(deps, JSON.parse(request.applicationJson.toString("utf8")) as Application, call.signal);
      yield chunk(head);
      for (const object of objects) yield chunk(object);
    },
  };
  return { [contract.CLUSTERS_SERVICE]: handlers as never };
}

const text = (object: KubeObject | undefined): string => (object === undefined ? "null" : JSON.stringify(object));

