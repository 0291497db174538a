import { fieldSelector } from "../select/fields.ts";
import { labelSelector } from "../select/labels.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { isTrue } from "../server/request-info.ts";
import { expired, invalid, StatusError, type Cause } from "../server/status-error.ts";
import type { Change, Stored } from "../storage/store.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";
import { view, viewJson } from "./objects.ts";

const BOOKMARK_EVERY_MS = 60_000;
/** So long before its timeout a watch tells once more how far it has come. */
const LAST_BOOKMARK_MS = 2_000;
const DEFAULT_TIMEOUT_S = 1800;

export interface WatchSink {
  /** Writes one event; `json` is the object's text in its wanted form. */
  send(type: string, object: () => Record<string, unknown>, json: () => string): void;
  /** Ends the stream. */
  end(): void;
  readonly closed: AbortSignal;
}

/**
 * A watch: what is there (when it starts from nothing or 0, or is asked for initial events), what was remembered
 * since, and what comes, until the timeout or the client's leaving. Ends with a 410 ERROR event where the start is forgotten.
 */
export function watch(call: Call, type: ResourceType, ctx: ApiContext, open: () => WatchSink): void {
  const { query } = call.info;
  const bookmarks = isTrue(query.get("allowWatchBookmarks"));
  const initial = query.get("sendInitialEvents");
  const version = query.get("resourceVersion") ?? "";
  checkInitialEvents(query, initial);
  const passes = filter(call, type);
  const within = type.namespaced && call.info.namespace !== "" ? `${call.info.namespace}/` : "";

  if (!/^\d*$/.test(version)) throw new StatusError(500, "", `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  const asked = version === "" ? 0 : Number(version);
  const sink = open();
  const current = ctx.store.revision;
  const replay = initial === "true" || (initial === null && (version === "" || version === "0"));
  let last = replay ? current : version === "" || asked === 0 ? current : asked;
  if (!replay && asked !== 0 && asked < ctx.store.oldest(type.bucket)) {
    sendStatus(sink, expired(`too old resource version: ${asked} (${ctx.store.oldest(type.bucket)})`));
    sink.end();
    return;
  }

  const send = (kind: string, stored: Stored): void => sink.send(kind, () => view(stored, type), () => viewJson(stored, type));
  const bookmark = (annotations?: Record<string, string>): void => {
    const object = { kind: type.kind, apiVersion: apiVersionOf(type), metadata: { resourceVersion: String(Math.max(last, 1)), ...(annotations && { annotations }) } };
    sink.send("BOOKMARK", () => object, () => JSON.stringify(object));
  };

  if (replay) {
    for (const stored of ctx.store.list(type.bucket, type.namespaced ? call.info.namespace : "")) if (passes(stored)) send("ADDED", stored);
    if (initial === "true" && bookmarks) bookmark({ "k8s.io/initial-events-end": "true" });
  }
  const stop = ctx.store.subscribe(type.bucket, last, (change: Change) => {
    last = Math.max(last, change.revision);
    if (!change.stored.key.startsWith(within)) return;
    const event = seen(change, passes);
    if (event) send(event.type, event.stored);
  });

  const begun = last;
  // Where nothing of the kind has changed, there is no progress to tell.
  const progress = (): void => {
    if (last === begun) return;
    last = Math.max(last, ctx.store.revision);
    bookmark();
  };
  const every = bookmarks ? setInterval(progress, BOOKMARK_EVERY_MS) : undefined;
  const seconds = Number(query.get("timeoutSeconds") ?? "0") || DEFAULT_TIMEOUT_S + Math.random() * DEFAULT_TIMEOUT_S;
  const lastBookmark = bookmarks && seconds * 1000 > LAST_BOOKMARK_MS ? setTimeout(progress, Math.min(seconds, 86_400) * 1000 - LAST_BOOKMARK_MS) : undefined;
  const stopTypes = type.custom && ctx.types.onChange(() => {
    // Its CRD is gone, or serves this version no more: nothing comes of this watch after what is under way.
    if (!ctx.types.find(type.group, type.version, type.resource)) void Promise.resolve().then(() => ctx.store.settled()).then(finish, finish);
  });
  const finish = (): void => {
    stop();
    stopTypes?.();
    clearInterval(every);
    clearTimeout(lastBookmark);
    clearTimeout(timeout);
    sink.closed.removeEventListener("abort", finish);
    sink.end();
  };
  const timeout = setTimeout(finish, Math.min(seconds, 86_400) * 1000);
  sink.closed.addEventListener("abort", finish);
  if (sink.closed.aborted) finish();
}

/** What a watcher with selectors sees of a change: coming into view is ADDED, going out of it DELETED. */
function seen(change: Change, passes: (stored: Stored) => boolean): { type: string; stored: Stored } | undefined {
  const now = passes(change.type === "DELETED" ? change.previous! : change.stored);
  if (change.type === "ADDED") return now ? { type: "ADDED", stored: change.stored } : undefined;
  if (change.type === "DELETED") return now ? { type: "DELETED", stored: change.stored } : undefined;
  const before = passes(change.previous!);
  if (now) return { type: before ? "MODIFIED" : "ADDED", stored: change.stored };
  if (!before) return undefined;
  const object = { ...change.previous!.object, metadata: { ...change.previous!.object.metadata, resourceVersion: String(change.revision) } };
  return { type: "DELETED", stored: { key: change.stored.key, object, json: JSON.stringify(object), revision: change.revision } };
}

function filter(call: Call, type: ResourceType): (stored: Stored) => boolean {
  const labels = labelSelector(call.info.query.get("labelSelector") ?? "");
  const fields = fieldSelector(call.info.query.get("fieldSelector") ?? "", type);
  return (stored) => (!labels || labels(stored.object.metadata.labels)) && (!fields || fields(view(stored, type)));
}

function checkInitialEvents(query: URLSearchParams, initial: string | null): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const causes: Cause[] = [];
  const forbid = (field: string, message: string): void => void causes.push({ reason: "FieldValueForbidden", message: `Forbidden: ${message}`, field });
  if (initial === null) {
    if (match !== "") {
      forbid("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
      if (match !== "NotOlderThan") causes.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(match)}: supported values: "NotOlderThan"`, field: "resourceVersionMatch" });
    }
  } else {
    if (match !== "NotOlderThan") forbid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", causes);
}

function sendStatus(sink: WatchSink, error: StatusError): void {
  sink.send("ERROR", () => error.status as unknown as Record<string, unknown>, () => JSON.stringify(error.status));
}
