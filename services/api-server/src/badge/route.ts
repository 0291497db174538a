import type { Application } from "@trireme/api/argo";
import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";
import { projectNameOf } from "../state/projects.ts";
import { badgeSvg, type Badge } from "./svg.ts";

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

type Query = Record<string, string | string[] | undefined>;

/**
 * `/api/badge`: state of an application or of projects as a picture, for everybody, where the settings switch it on.
 * Parameters are Argo CD's: `name`, `namespace`, `project` (also several), `revision`, `keepFullRevision`, `showAppName`, `width`.
 */
export function registerBadge(http: FastifyInstance, ctx: Context): void {
  http.get("/api/badge", async (request, reply) => {
    const query = request.query as Query;
    const names = [query["name"], query["namespace"], query["project"]].flat().filter((one) => one !== undefined && one !== "");
    if (names.some((one) => !NAME.test(one!))) return reply.code(400).send();
    return reply.headers({ "cache-control": "private, no-store", "access-control-allow-origin": "*", "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'" }).type("image/svg+xml").send(badgeSvg(badgeFor(query, ctx)));
  });
}

function badgeFor(query: Query, ctx: Context): Badge {
  const unknown: Badge = { health: "Unknown", sync: "Unknown" };
  if (!ctx.settings.current().statusBadge.enabled) return unknown;
  const first = (key: string) => [query[key]].flat()[0];
  const says = (key: string) => first(key)?.toLowerCase() === "true";
  const width = Number(first("width"));
  const size = Number.isInteger(width) && width > 0 && width < 2000 ? { width } : {};
  const namespace = first("namespace") ?? ctx.namespace;
  const notFound: Badge = { health: "Not Found", sync: "", ...size };
  if (!ctx.applications.serves(namespace)) return notFound;
  const name = first("name");
  if (name !== undefined) {
    const app = ctx.applications.get(namespace, name);
    if (app === undefined) return notFound;
    return { ...stateOf(app), ...size, ...(says("revision") && revisionOf(app, says("keepFullRevision"))), ...(says("showAppName") && { title: name }) };
  }
  const projects = new Set([query["project"]].flat().filter((one) => one !== undefined));
  const apps = ctx.applications.list().filter((app) => app.metadata.namespace === namespace && projects.has(projectNameOf(app)));
  if (apps.length === 0) return { ...unknown, ...size };
  const states = apps.map(stateOf);
  return { health: states.every((one) => one.health === "Healthy") ? "Healthy" : "Degraded", sync: states.every((one) => one.sync === "Synced") ? "Synced" : "OutOfSync", ...size };
}

function stateOf(app: Application): Badge {
  return { health: app.status?.health?.status || "Unknown", sync: app.status?.sync?.status || "Unknown" };
}

function revisionOf(app: Application, full: boolean): { revision?: string } {
  const result = app.status?.operationState?.syncResult;
  const revision = result?.revisions?.[0] ?? result?.revision;
  return revision ? { revision: full ? revision : revision.slice(0, 7) } : {};
}
