import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Context } from "../context.ts";
import { registerAssets } from "./assets.ts";

/** Beside the source, or, in a bundle, beside the bundle. */
const FOLDERS = [path.join(import.meta.dirname, "files"), path.join(import.meta.dirname, "page")];

const FILES: Record<string, { file: string; type: string }> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/page/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
};

/** Nothing but our own three files and our own API; no inline script, no frame of others. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** One plain page: what this is, commands to try, and the guide's steps played over REST. A built page in the configured folder takes its place. */
export function registerPage(http: FastifyInstance, ctx: Context): void {
  if (ctx.config.staticAssets !== undefined && registerAssets(http, ctx.config.staticAssets, ctx)) return;
  const folder = FOLDERS.find((one) => existsSync(path.join(one, "index.html")));
  if (folder === undefined) {
    ctx.log.warn({ folders: FOLDERS }, "the page's files are not there; only the API is served");
    return;
  }
  const root = ctx.config.rootPath === "" ? "" : `/${encodeURI(ctx.config.rootPath)}`;
  for (const [url, { file, type }] of Object.entries(FILES)) {
    const content = readFileSync(path.join(folder, file), "utf8").replaceAll("ROOT", root);
    http.get(url, async (_request, reply) => secured(reply, ctx).type(type).send(content));
  }
}

export function secured(reply: FastifyReply, ctx: Context, policy = POLICY): FastifyReply {
  return reply.headers({
    "content-security-policy": policy,
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": ctx.config.frameOptions,
  });
}
