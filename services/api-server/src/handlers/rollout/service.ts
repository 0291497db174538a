import type { KubeObject } from "@trireme/api";
import { isConflict } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime";
import { invalid } from "../../errors.ts";
import { abortion, change, isPaused, promotion, restartAt, retrial, type RolloutChange } from "../../rollouts/changes.ts";
import { withImage } from "../../rollouts/image.ts";
import type { RolloutObjects } from "../../rollouts/objects.ts";
import { rolloutInfo } from "../../rollouts/rollout-info.ts";
import { earlierTemplate, wentBack } from "../../rollouts/undo.ts";
import { workloadOf } from "../../rollouts/workload.ts";
import { REPLICA_SET, ROLLOUT } from "../../state/resources.ts";
import { VERSION } from "../../version.ts";
import { recordOnResource } from "../application/events.ts";
import { filter, inside, signedIn, stream, unary, type Call, type Rpc } from "../rpc.ts";
import { mayDo, rolloutFor, type RolloutTarget, type Wish } from "./access.ts";

const OWNER = "the application that tracks the Rollout is known only when it was read; what none tracks is for those who may change the cluster";
const seen = inside(OWNER, ["applications", "get"], ["clusters", "update"]);
const done = (action: string) => inside(OWNER, ["applications", `action/argoproj.io/Rollout/${action}`], ["clusters", "update"]);
const updated = inside(OWNER, ["applications", "update"], ["clusters", "update"]);
const each = filter("applications", "get");

/** The API of the rollouts dashboard, over the control plane's own cluster. */
export const rolloutService: Record<string, Rpc> = {
  GetRolloutInfo: unary(seen, async (request, call) => {
    const { rollout } = await rolloutFor(request, "get", call);
    return rolloutInfo(rollout, await call.ctx.rollouts.read(request.namespace, call.signal));
  }),

  WatchRolloutInfo: stream(seen, async function* (request, call) {
    await rolloutFor(request, "get", call);
    let last = "";
    for await (const objects of call.ctx.rollouts.watch(request.namespace, call.signal)) {
      const rollout = objects.rollouts.find(({ metadata }) => metadata.name === request.name);
      if (rollout === undefined || !mayDo("get", rollout, call)) return;
      const info = rolloutInfo(rollout, objects);
      const text = JSON.stringify(info);
      if (text !== last) yield info;
      last = text;
    }
  }),

  ListRolloutInfos: unary(each, async (request, call) => {
    const objects = await call.ctx.rollouts.read(request.namespace ?? "", call.signal);
    return { rollouts: visible(objects, call).map((rollout) => shallowInfo(rollout, objects)) };
  }),

  WatchRolloutInfos: stream(each, async function* (request, call) {
    const last = new Map<string, { text: string; info: object }>();
    for await (const objects of call.ctx.rollouts.watch(request.namespace ?? "", call.signal)) {
      const gone = new Set(last.keys());
      for (const rollout of visible(objects, call)) {
        const key = rollout.metadata.uid ?? "";
        gone.delete(key);
        const info = shallowInfo(rollout, objects);
        const text = JSON.stringify(info);
        if (last.get(key)?.text === text) continue;
        last.set(key, { text, info });
        yield { type: "Updated", rolloutInfo: info };
      }
      for (const key of gone) {
        yield { type: "Deleted", rolloutInfo: last.get(key)!.info };
        last.delete(key);
      }
    }
  }),

  GetNamespace: unary(each, async (_request, call) => {
    const { items } = await call.ctx.kube.list(ROLLOUT, { signal: call.signal });
    const namespaces = items.filter((rollout) => mayDo("get", rollout, call)).map(({ metadata }) => metadata.namespace ?? "");
    return { namespace: call.ctx.namespace, availableNamespaces: [...new Set(namespaces)].sort() };
  }),

  Version: unary(signedIn("says which plugin this API is that of, and nothing of anybody's"), async () => ({ rolloutsVersion: VERSION.rollouts })),

  PromoteRollout: unary(inside(OWNER, ...["resume", "skip-current-step", "promote-full"].map((action): [string, string] => ["applications", `action/argoproj.io/Rollout/${action}`]), ["clusters", "update"]), (request, call) =>
    changed(request, (rollout) => ({ action: request.full === true ? "promote-full" : isPaused(rollout) ? "resume" : "skip-current-step" }), call, ({ rollout }) => promotion(rollout, request.full === true)),
  ),
  AbortRollout: unary(done("abort"), (request, call) => changed(request, { action: "abort" }, call, () => abortion)),
  RetryRollout: unary(done("retry"), (request, call) => changed(request, { action: "retry" }, call, () => retrial)),
  RestartRollout: unary(done("restart"), (request, call) => changed(request, { action: "restart" }, call, () => restartAt(rfc3339(call.ctx.clock.now())))),

  SetRolloutImage: unary(updated, async (request, call) => {
    const target = await rolloutFor({ namespace: request.namespace, name: request.rollout }, "update", call);
    if (!request.container || !request.image || !request.tag) throw invalid("container, image and tag must be given");
    const ref = workloadOf(target.rollout, target.ref, ["Deployment"]);
    await replaced(target, ref, (workload) => withImage(workload, request.container, `${request.image}:${request.tag}`), call.signal);
    record(target, "ResourceUpdated", `set image ${request.image}:${request.tag}`, call);
    return target.client.get(target.ref, { signal: call.signal });
  }),

  UndoRollout: unary(updated, async (request, call) => {
    const { signal } = call;
    const target = await rolloutFor({ namespace: request.namespace, name: request.rollout }, "update", call);
    const { items } = await target.client.list(REPLICA_SET, { namespace: request.namespace, signal });
    const template = earlierTemplate(target.rollout, items, request.revision ?? 0);
    if (template === undefined) return target.rollout;
    await target.client.patch(workloadOf(target.rollout, target.ref, ["Deployment", "ReplicaSet", "PodTemplate"]), "json", [{ op: "replace", path: "/spec/template", value: template }], { signal });
    record(target, "ResourceUpdated", wentBack(request.revision ?? 0), call);
    return target.client.get(target.ref, { signal });
  }),
};

const ATTEMPTS = 5;

async function changed(request: any, wish: Wish | ((rollout: KubeObject) => Wish), call: Call, of: (target: RolloutTarget) => RolloutChange): Promise<KubeObject> {
  const target = await rolloutFor(request, wish, call);
  const now = await change(target.client, target.ref, target.rollout, of(target), call.signal);
  const asked = typeof wish === "function" ? wish(target.rollout) : wish;
  record({ ...target, rollout: now }, "ResourceActionRan", `ran action ${typeof asked === "string" ? asked : asked.action}`, call);
  return now;
}

/** What was done stands among the events of the application, as if it had been done there. */
function record({ app, rollout, client }: RolloutTarget, reason: "ResourceActionRan" | "ResourceUpdated", what: string, call: Call): void {
  recordOnResource(app, rollout, client.cluster, reason, what, call);
}

/** Writes what `make` makes of the newest object; a lost race is read and decided again. */
async function replaced({ client }: RolloutTarget, ref: RolloutTarget["ref"], make: (object: KubeObject) => KubeObject, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.update(make(await client.get(ref, { signal })), { signal });
      return;
    } catch (thrown) {
      if (!isConflict(thrown) || attempt === ATTEMPTS) throw thrown;
    }
  }
}

function visible(objects: RolloutObjects, call: Call): KubeObject[] {
  return objects.rollouts.filter((rollout) => mayDo("get", rollout, call)).sort((a, b) => (`${a.metadata.namespace}/${a.metadata.name}` < `${b.metadata.namespace}/${b.metadata.name}` ? -1 : 1));
}

/** As a list shows it: sets and pods, no analysis. */
function shallowInfo(rollout: KubeObject, objects: RolloutObjects): object {
  return rolloutInfo(rollout, { ...objects, analysisRuns: [], experiments: [] });
}
