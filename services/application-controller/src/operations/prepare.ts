import { keyOf, keyText, type KubeObject } from "@trireme/api";
import type { Application, ApplicationCondition, ApplicationSource, OperationState, SyncOperationResult } from "@trireme/api/argo";
import { formatConditions, impersonatedAccount, isErrorCondition, isSelfReferenced, planTasks, rollbackDigest, sameJson, sourcesOf, syncAllowed, syncHooks, withPersonsSync, type Pair, type SyncTask } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import { desiredState, localState, operationSources } from "../applications/desired.ts";
import { compareWith, factsOf, type Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "./desired-input.ts";
import { pinnedState } from "../releases/pinned-state.ts";
import { isPatient } from "./away.ts";
import { ConditionsError } from "./ending.ts";
import { ownNamespace } from "./own-namespace.ts";
import { withIgnoredValues } from "./respect-ignored.ts";
import { rebased, type Run } from "./run.ts";

export interface Operating {
  deps: Deps;
  app: Application;
  memory: AppMemory;
  signal: AbortSignal;
  /** The visit that decides on an automated operation has compared already, and its status goes out with `Running`. */
  begun?: { facts: Facts; desired: Desired; comparison: Run["comparison"]; status: Application["status"]; operation: NonNullable<Application["operation"]>; event: string };
}

/** Everything that the operation's steps need; undefined while a sync window holds it back. */
export async function prepare(input: Operating, state: OperationState): Promise<Run | undefined> {
  const { deps, app, memory, signal, begun } = input;
  if (state.operation.sync === undefined || state.operation.sync === null) throw new ConditionsError("Invalid operation request: no operation specified");
  let facts: Facts;
  try {
    facts = begun?.facts ?? factsOf(deps, app);
  } catch (error) {
    throw new ConditionsError(asAppError(error).message);
  }
  const window = syncAllowed(facts.project.spec.syncWindows, app, facts.cluster, { now: deps.ctx.clock.now(), manual: state.operation.initiatedBy?.automated !== true, startedAt: Date.parse(state.startedAt) });
  if (!window.allowed && state.phase === "Running") {
    const message = `Sync operation blocked by sync window${window.problem === undefined ? "" : `: ${window.problem}`}`;
    await rebased(deps, app, (base) => ({ ...base, status: { ...base.status, operationState: { ...state, message } } }), signal);
    return undefined;
  }
  const desired = begun?.desired ?? (await operationDesired(input, facts, state));
  const comparison = begun?.comparison ?? (await compareWith(facts, memory, desired, signal));
  const many = (state.syncResult?.sources ?? state.operation.sync.sources ?? []).length > 0 || (state.operation.sync.source === undefined && (app.spec.sources?.length ?? 0) > 0);
  const syncResult: SyncOperationResult = {
    ...(many ? { revision: "", revisions: desired.revisions, sources: desired.sources } : { revision: desired.revisions[0] ?? "", source: desired.sources[0]! }),
    ...(state.syncResult?.resources !== undefined && { resources: state.syncResult.resources }),
    ...(app.spec.syncPolicy?.managedNamespaceMetadata !== undefined && { managedNamespaceMetadata: app.spec.syncPolicy.managedNamespaceMetadata }),
  };
  const run: Run = {
    deps, facts, memory, app, desired, comparison, signal,
    state: { ...state, syncResult },
    tasks: [],
    client: clientOf(facts, app),
    syncOptions: state.operation.sync.syncOptions ?? [],
    patient: isPatient(memory, deps.ctx.clock.now()),
    guarded: false,
    raw: undefined,
    acknowledging: undefined,
  };
  checkConditions(run);
  await liftQuarantine(run);
  run.tasks = plan(run);
  if (begun !== undefined) {
    deps.events.record(app, { type: "Normal", reason: "OperationStarted", message: begun.event });
  }
  return run;
}

/** A person who syncs what was taken back means it: it may go out again, by itself too. */
async function liftQuarantine(run: Run): Promise<void> {
  const { deps, app, desired, state } = run;
  const { sync, initiatedBy } = state.operation;
  if (initiatedBy?.automated === true || rollbackDigest(state.operation) !== undefined || sync?.dryRun === true || (sync?.resources?.length ?? 0) > 0 || state.phase !== "Running") return;
  const record = deps.releases.of(app);
  const lifted = withPersonsSync(record, desired.digest);
  if (lifted !== record) await deps.releases.write(app, lifted);
}

async function operationDesired(input: Operating, facts: Facts, state: OperationState): Promise<Desired> {
  const { deps, app, memory, signal } = input;
  const rollback = rollbackDigest(state.operation);
  if (rollback !== undefined) return pinnedState(deps, facts, memory, rollback, signal);
  let { sources, revisions } = operationSources({ ...app, operation: state.operation });
  if (state.syncResult !== undefined && state.syncResult !== null) {
    const many = (state.syncResult.sources?.length ?? 0) > 0;
    sources = many ? state.syncResult.sources! : state.syncResult.source !== undefined ? [state.syncResult.source as ApplicationSource] : sources;
    revisions = many ? (state.syncResult.revisions ?? revisions) : [state.syncResult.revision || revisions[0]!];
  }
  const manifests = state.operation.sync?.manifests ?? [];
  if (manifests.length > 0) {
    await facts.live.discovery({ signal });
    const followed = memory.desired?.revisions ?? revisions;
    return localState(deps.ctx, desiredInput(deps, facts, { sources, revisions: followed, signal }), manifests);
  }
  const own = sameJson(sources, sourcesOf(app.spec));
  // What the application follows may be newer by now than what the operation delivers.
  const same = [memory.desired, memory.operationDesired].find((known) => known !== undefined && sameJson(known.sources, sources) && revisions.every((revision, index) => revision !== "" && known.revisions[index] === revision));
  if (same !== undefined) return same;
  const desired = await desiredState(deps.ctx, { ...desiredInput(deps, facts, { sources, revisions, signal }), known: own ? memory.desired : memory.operationDesired, noRevisionCache: true });
  // A revision of its own is not what the application follows: its status is still compared with that.
  if (own && revisions.every((revision) => revision === "")) memory.desired = desired;
  else memory.operationDesired = desired;
  return desired;
}

function checkConditions(run: Run): void {
  const { comparison, state } = run;
  const shared = comparison.conditions.find((condition) => condition.type === "SharedResourceWarning");
  if (shared !== undefined && state.operation.sync!.syncOptions?.includes("FailOnSharedResource=true") === true) throw new ConditionsError(`Shared resource found: ${shared.message}`, "Failed");
  const errors: ApplicationCondition[] = comparison.conditions.filter(isErrorCondition);
  if (errors.length > 0) throw new ConditionsError(formatConditions(errors));
}

/** As whom an application's objects are written. Throws ConditionsError where nobody may. */
export function clientOf(facts: Facts, app: Application): Run["client"] {
  const { settings, project, cluster, live } = facts;
  if (!settings.impersonation.enabled) return live.client;
  const namespace = app.spec.destination.namespace ?? "";
  const account = impersonatedAccount(project, cluster, namespace);
  if (account !== "") return live.client.as({ username: account });
  if (settings.impersonation.enforced) throw new ConditionsError(`no matching service account found for destination server ${cluster.server} and namespace ${namespace}`);
  return live.client;
}

function plan(run: Run): SyncTask[] {
  const { facts, state, desired, comparison, app, memory } = run;
  const sync = state.operation.sync!;
  const selected = (object: KubeObject) => (sync.resources?.length ?? 0) === 0 || sync.resources!.some((each) => (each.group ?? "") === keyOf(object).group && each.kind === object.kind && each.name === object.metadata.name && (!each.namespace || each.namespace === object.metadata.namespace));
  const respectful = sync.syncOptions?.includes("RespectIgnoreDifferences=true") === true;
  const pairs: Pair[] = comparison.objects.map((each) => (respectful && each.target !== undefined && each.live !== undefined ? { ...each, target: withIgnoredValues(each.target, each.live, facts.rules) } : each)).filter(({ target, live }) => selected((target ?? live)!) && isSelfReferenced(live, target, facts.tracking));
  const namespace = sync.syncOptions?.includes("CreateNamespace=true") === true ? namespacePair(run) : undefined;
  return planTasks({
    pairs,
    hooks: syncHooks(desired.hooks),
    skipHooks: (sync.syncStrategy?.apply !== undefined && sync.syncStrategy.apply !== null) || (sync.resources?.length ?? 0) > 0,
    revision: desired.revisions[0] ?? "",
    startedAt: state.startedAt,
    liveHook: (key) => facts.live.get(key),
    ...(namespace && { namespace }),
    destinationNamespace: app.spec.destination.namespace ?? "",
    pruneLast: run.syncOptions.includes("PruneLast=true"),
    results: memory.operation!.results,
  });
}

/** The destination's namespace, where nobody else brings it and it is missing or is to carry what the application wants. */
function namespacePair(run: Run): Pair | undefined {
  const target = ownNamespace(run.app);
  const key = keyOf(target);
  if (key.name === "" || run.desired.targets.has(keyText(key))) return undefined;
  const live = run.facts.live.get(key);
  const wanted = run.app.spec.syncPolicy?.managedNamespaceMetadata;
  if (live !== undefined && (wanted === undefined || wanted === null)) return undefined;
  return { target, live };
}
