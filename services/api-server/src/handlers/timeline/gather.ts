import type { KubeObject } from "@trireme/api";
import { sourcesOf } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import { EVENT } from "../../state/resources.ts";
import type { ApplicationCall } from "../application/access.ts";
import { destinationClient } from "../application/destination.ts";
import { eventsOf } from "../application/resources/resource-events.ts";
import { appRequest, ownerOf, treeOf, type Tree } from "../application/resources/tree.ts";
import type { Entry } from "./entry.ts";
import { entriesOfApplication } from "./from-application.ts";
import { entriesOfDrift, entriesOfReleases, type ObjectDifference, type ReleasesRecord } from "./from-controller.ts";
import { entriesOfApplicationEvents, entriesOfObjectEvents } from "./from-events.ts";

/** Namespaces and Rollouts whose Events are asked for, one request each. */
const MOST_NAMESPACES = 5;
const MOST_ROLLOUTS = 10;

/** Everything that is known of what happened. What could not be asked is named: its entries are unknown, not absent. */
export async function gatherEntries({ app, project, ctx, signal }: ApplicationCall): Promise<{ entries: Entry[]; missing: string[] }> {
  const missing: string[] = [];
  const orMissing = async <T>(what: string, otherwise: T, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      missing.push(`${what}: ${asAppError(thrown).message}`);
      return otherwise;
    }
  };
  const owner = () => ownerOf(app, ctx);
  const [tree, appEvents, releases, differences] = await Promise.all([
    orMissing<Tree>("objects", {}, () => treeOf(app, ctx, signal)),
    orMissing("events of the application", [] as KubeObject[], async () => (await eventsOf(ctx.kube, { name: app.metadata.name ?? "", uid: app.metadata.uid ?? "", namespace: app.metadata.namespace ?? "" }, signal)).items),
    orMissing<ReleasesRecord>("releases", {}, async () => JSON.parse(String((await owner().releases(appRequest(app), { signal })).json)) as ReleasesRecord),
    orMissing("differences", [] as ObjectDifference[], async () => {
      const found: ObjectDifference[] = [];
      for await (const { json } of owner().differences(appRequest(app), { signal })) found.push(JSON.parse(String(json)) as ObjectDifference);
      return found;
    }),
  ]);
  const objectEvents = await orMissing("events of its objects", [] as KubeObject[], () => eventsOfObjects(tree));
  const creator = appEvents.find((event) => event["reason"] === "ResourceCreated")?.metadata.annotations?.["user"];
  const told = [...entriesOfApplication(app, creator), ...entriesOfReleases(releases, sourcesOf(app.spec).map(({ repoURL }) => repoURL ?? ""))];
  return { entries: [...told, ...entriesOfApplicationEvents(appEvents, told), ...entriesOfObjectEvents(objectEvents)].filter(({ time }) => !Number.isNaN(Date.parse(time))).concat(entriesOfDrift(differences)), missing };

  /** Warnings about any of its objects, and everything about its Rollouts. */
  async function eventsOfObjects({ nodes }: Tree): Promise<KubeObject[]> {
    const byUid = new Map((nodes ?? []).flatMap((node) => (node.uid ? [[node.uid, node] as const] : [])));
    if (byUid.size === 0) return [];
    const { client } = destinationClient(app, project, ctx);
    const namespaces = [...new Set([...byUid.values()].map(({ namespace }) => namespace ?? "").filter((namespace) => namespace !== ""))].slice(0, MOST_NAMESPACES);
    const rollouts = [...byUid.values()].filter(({ kind, group }) => kind === "Rollout" && group === "argoproj.io").slice(0, MOST_ROLLOUTS);
    const lists = await Promise.all([
      ...namespaces.map(async (namespace) => (await client.list(EVENT, { namespace, fieldSelector: "type=Warning", signal })).items),
      ...rollouts.map(async ({ name, uid = "", namespace = "" }) => (await eventsOf(client, { name, uid, namespace }, signal)).items),
    ]);
    const events = new Map(lists.flat().map((event) => [`${event.metadata.namespace}/${event.metadata.name}`, event]));
    return [...events.values()].filter((event) => byUid.has(event["involvedObject"]?.uid));
  }
}
