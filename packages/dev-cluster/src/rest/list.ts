import { fieldSelector } from "../select/fields.ts";
import { labelSelector } from "../select/labels.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { badRequest, expired, invalid, resourceVersionTooLarge, type Cause, type StatusError } from "../server/status-error.ts";
import type { Stored } from "../storage/store.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";
import { beginning, view, viewJson } from "./objects.ts";

const STALE_CONTINUE = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** GET of a collection: selectors, pages, and the three meanings of resourceVersion. */
export async function list(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const page = select(call, type, ctx);
  const metadata = { resourceVersion: String(page.revision), ...((page.continue || type.custom) && { continue: page.continue ?? "" }), ...(page.remaining !== undefined && { remainingItemCount: page.remaining }) };
  const header = { kind: type.listKind, apiVersion: apiVersionOf(type), metadata };
  return {
    code: 200,
    type,
    get object() {
      return { ...header, items: page.items.map((stored) => itemObject(stored, type)) };
    },
    get json() {
      return `${JSON.stringify(header).slice(0, -1)},"items":[${page.items.map((stored) => itemJson(stored, type)).join(",")}]}`;
    },
  };
}

/** Objects of a list of built-in kinds carry no kind of their own, as the server's typed lists have it. */
function itemJson(stored: Stored, type: ResourceType): string {
  const json = viewJson(stored, type);
  if (type.custom) return json;
  const prefix = beginning(type);
  return json.startsWith(prefix) ? `{${json.slice(prefix.length)}` : JSON.stringify(itemObject(stored, type));
}

/** As it stands in a list: without kind and version where the kind is built in. */
export function itemObject(stored: Stored, type: ResourceType): Record<string, unknown> {
  const object = view(stored, type);
  if (type.custom) return object;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}

/** What the selectors of a request choose, now or at the version that it names. */
export function matching(call: Call, type: ResourceType, ctx: ApiContext): Stored[] {
  if (call.info.query.has("resourceVersion")) return select(call, type, ctx).items;
  return filtered(ctx.store.list(type.bucket, type.namespaced ? call.info.namespace : ""), call, type);
}

function filtered(items: Stored[], call: Call, type: ResourceType): Stored[] {
  const labels = labelSelector(call.info.query.get("labelSelector") ?? "");
  const fields = fieldSelector(call.info.query.get("fieldSelector") ?? "", type);
  if (!labels && !fields) return items;
  return items.filter((stored) => (!labels || labels(stored.object.metadata.labels)) && (!fields || fields(view(stored, type))));
}

interface Page {
  items: Stored[];
  revision: number;
  continue?: string;
  remaining?: number;
}

function select(call: Call, type: ResourceType, ctx: ApiContext): Page {
  const { query, namespace } = call.info;
  const limit = wholeNumber(query.get("limit") || "0");
  const token = query.get("continue") ?? "";
  const version = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  checkVersions(version, match, token, query.has("sendInitialEvents"));

  const within = type.namespaced ? namespace : "";
  let revision = ctx.store.revision;
  let items: Stored[] | undefined;
  let after = "";
  if (token !== "") {
    const from = readToken(token);
    if (from.revision > revision) throw resourceVersionTooLarge(from.revision, revision);
    if (from.revision === -1) items = ctx.store.list(type.bucket, within);
    else {
      revision = from.revision;
      items = ctx.store.listAt(type.bucket, within, revision);
      if (!items) throw staleContinue(from.start);
    }
    after = from.start;
  } else if (match === "Exact" || (match === "" && limit > 0 && version !== "" && version !== "0")) {
    const asked = Number(version);
    if (asked > revision) throw resourceVersionTooLarge(asked, revision);
    items = ctx.store.listAt(type.bucket, within, asked);
    if (!items) throw expired(`The resourceVersion for the provided list is too old.`);
    revision = asked;
  } else {
    if (version !== "" && Number(version) > revision) throw resourceVersionTooLarge(Number(version), revision);
    items = ctx.store.list(type.bucket, within);
  }

  let found = filtered(items, call, type);
  if (after !== "") found = found.filter(({ key }) => key > after);
  // resourceVersion=0 is answered from the watch cache, which knows no pages.
  if (limit <= 0 || found.length <= limit || (version === "0" && match === "")) return { items: found, revision };
  const selective = Boolean(query.get("labelSelector") || query.get("fieldSelector"));
  const shown = found.slice(0, limit);
  return { items: shown, revision, continue: writeToken(revision, shown.at(-1)!.key), ...(!selective && { remaining: found.length - limit }) };
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function checkVersions(version: string, match: string, token: string, initial: boolean): void {
  if (version !== "" && !/^\d+$/.test(version)) throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  if (match === "") {
    if (token !== "" && version !== "" && version !== "0") throw badRequest("specifying resource version is not allowed when using continue");
    return;
  }
  if (match !== "Exact" && match !== "NotOlderThan") throw listInvalid("resourceVersionMatch", "FieldValueNotSupported", `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`);
  const causes: Cause[] = [];
  const forbid = (why: string): void => void causes.push({ reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field: "resourceVersionMatch" });
  if (version === "") forbid("resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (token !== "") forbid("resourceVersionMatch is forbidden when continue is provided");
  if (match === "Exact" && version === "0") forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  if (initial) causes.push({ reason: "FieldValueForbidden", message: "Forbidden: sendInitialEvents is forbidden for list", field: "sendInitialEvents" });
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", causes);
}

function listInvalid(field: string, reason: string, message: string): StatusError {
  return invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [{ reason, message, field }]);
}

function staleContinue(start: string): StatusError {
  const error = expired(STALE_CONTINUE);
  (error.status.metadata as Record<string, unknown>).continue = writeToken(-1, start);
  return error;
}

function writeToken(revision: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");
}

function readToken(token: string): { revision: number; start: string } {
  let unknown: string | undefined;
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as { v: string; rv: number; start: string };
    if (v !== "meta.k8s.io/v1") unknown = v;
    else if (Number.isInteger(rv) && typeof start === "string") return { revision: rv, start };
  } catch {
    // falls through: not one of ours
  }
  if (unknown !== undefined) throw badRequest(`invalid continue token: continue key is not valid: server does not recognize this encoded version ${unknown}`);
  throw badRequest("invalid continue token: continue key is not valid: illegal base64 data at input byte 0");
}
