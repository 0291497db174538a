import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { secured } from "./route.ts";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".map": "application/json" };
/** Names that carry a hash of their content never mean anything else. */
const HASHED = /[.-][0-9a-zA-Z_-]{8,}\.(js|css|woff2|svg|png)$/;

/**
 * Our own files and our own API; nothing inline, nothing written as markup, no frame of others. The style sheet that
 * `ui.cssurl` names is let in by its address alone, with pictures and fonts of its server.
 */
function policyFor(ctx: Context): string {
  const [sheet, server] = foreignStyle(ctx.settings.current().config["ui.cssurl"]);
  return `default-src 'none'; script-src 'self'; style-src 'self'${sheet}; img-src 'self' data:${server}; font-src 'self'${server}; connect-src 'self'; worker-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types trireme`;
}

/** A style sheet's address and its server, each after a space; nothing for one of our own, and for what no browser would load. */
function foreignStyle(setting = ""): [sheet: string, server: string] {
  if (!/^https?:\/\//i.test(setting) || !URL.canParse(setting)) return ["", ""];
  const { origin, pathname } = new URL(setting);
  // What would end a source or a directive is written as its code; a query is no part of a source.
  return [` ${origin}${pathname.replaceAll(/[;,'*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`, ` ${origin}`];
}

/**
 * Serves a built page: its files, and its index for every other path that a browser shows. False where
 * the folder holds no index. Nothing outside the folder is served, links included.
 */
export function registerAssets(http: FastifyInstance, folder: string, ctx: Context): boolean {
  if (!existsSync(path.join(folder, "index.html"))) {
    ctx.log.warn({ folder }, "ARGOCD_SERVER_STATIC_ASSETS holds no index.html; the plain page is served");
    return false;
  }
  const root = realpathSync(folder);
  const index = readFileSync(path.join(root, "index.html"), "utf8").replace('<base href="/">', `<base href="${baseHref(ctx)}">`);
  http.get("/*", async (request, reply) => {
    const wanted = (request.params as { "*": string })["*"];
    const file = fileWithin(root, wanted);
    if (file === undefined || path.basename(file) === "index.html") {
      if (file === undefined && !isNavigation(request, wanted)) return reply.callNotFound();
      return secured(reply, ctx, policyFor(ctx)).type(TYPES[".html"]!).send(index);
    }
    const kept = HASHED.test(file) ? "public, max-age=31536000, immutable" : "no-cache";
    secured(reply, ctx, policyFor(ctx)).header("cache-control", kept).type(TYPES[path.extname(file)] ?? "application/octet-stream");
    if (!existsSync(`${file}.gz`)) return reply.send(createReadStream(file));
    reply.header("vary", "accept-encoding");
    return /\bgzip\b/.test(request.headers["accept-encoding"] ?? "") ? reply.header("content-encoding", "gzip").send(createReadStream(`${file}.gz`)) : reply.send(createReadStream(file));
  });
  return true;
}

/** Where the browser sees the page: below the root path, or where a proxy that strips its own prefix says. */
function baseHref({ config }: Context): string {
  const inner = (config.rootPath || config.baseHref).replace(/^\/+|\/+$/g, "");
  return inner === "" ? "/" : `/${encodeURI(inner).replaceAll('"', "%22").replaceAll("<", "%3C")}/`;
}

/** A name may hold dots: what a browser opens as a page is one, whatever its path looks like. */
function isNavigation(request: FastifyRequest, wanted: string): boolean {
  return !wanted.startsWith("api/") && (path.extname(wanted) === "" || (request.headers.accept ?? "").includes("text/html"));
}

function fileWithin(root: string, wanted: string): string | undefined {
  if (wanted.includes("\0")) return undefined;
  const file = path.join(root, path.normalize(`/${wanted}`));
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  const real = realpathSync(file);
  return real.startsWith(root + path.sep) ? real : undefined;
}
