import { createReadStream, existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";
import { secured } from "./route.ts";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".map": "application/json" };
/** Names that carry a hash of their content never mean anything else. */
const HASHED = /[.-][0-9a-zA-Z_-]{8,}\.(js|css|woff2|svg|png)$/;

/**
 * Serves a built page: its files, and its index for every other path that a browser asks for. False where
 * the folder holds no index. Nothing outside the folder is served, links included.
 */
export function registerAssets(http: FastifyInstance, folder: string, ctx: Context): boolean {
  if (!existsSync(path.join(folder, "index.html"))) {
    ctx.log.warn({ folder }, "ARGOCD_SERVER_STATIC_ASSETS holds no index.html; the plain page is served");
    return false;
  }
  const root = realpathSync(folder);
  http.get("/*", async (request, reply) => {
    const wanted = (request.params as { "*": string })["*"];
    const file = fileWithin(root, wanted) ?? (path.extname(wanted) === "" ? path.join(root, "index.html") : undefined);
    if (file === undefined) return reply.callNotFound();
    const kept = HASHED.test(file) ? "public, max-age=31536000, immutable" : "no-cache";
    return secured(reply, ctx).header("cache-control", kept).type(TYPES[path.extname(file)] ?? "application/octet-stream").send(createReadStream(file));
  });
  return true;
}

function fileWithin(root: string, wanted: string): string | undefined {
  if (wanted.includes("\0")) return undefined;
  const file = path.join(root, path.normalize(`/${wanted}`));
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  const real = realpathSync(file);
  return real.startsWith(root + path.sep) ? real : undefined;
}
