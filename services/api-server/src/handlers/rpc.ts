import type { CallContext, Services } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import type { Application, AppProject } from "@trireme/api/argo";
import { callerIfAny, requireCaller, type Caller } from "../auth/caller.ts";
import type { Context } from "../context.ts";
import { standingPermission } from "./standing-permission.ts";
import { applicationFor, type ApplicationRef } from "./application/access.ts";

/** What a handler gets besides its request. */
export interface Call {
  ctx: Context;
  caller: Caller;
  signal: AbortSignal;
  call: CallContext;
}

/** A call about one application, which the caller was found to be allowed to see or change. */
export interface ApplicationCall extends Call {
  app: Application;
  /** Global projects merged in. */
  project: AppProject;
}

/** Who may call an RPC. Without one the server does not start. */
export type Rule =
  /** Everybody, signed in or not. */
  | { access: "public" }
  /** Everybody who is signed in; the handler shows only what is the caller's own. */
  | { access: "signed-in"; why: string }
  | { access: "check"; resource: string; action: string; object: (request: any) => string }
  /** Lists: each item is shown to those who may do this to it. */
  | { access: "filter"; resource: string; action: string }
  /** One application by its name, in the order of checks that tells nothing of what exists. */
  | { access: "application"; action: string | ((request: any, ctx: Context) => string); ref: (request: any) => ApplicationRef; fresh?: boolean }
  /** The object is known only inside the handler, which asks for exactly these. */
  | { access: "inside"; asks: readonly [resource: string, action: string][]; why: string };

export type Handle<C extends Call = Call> = (request: any, call: C) => Promise<unknown> | AsyncIterable<unknown>;

export interface Rpc {
  rule: Rule;
  handle: Handle<any>;
  stream: boolean;
}

export const everybody: Rule = { access: "public" };
export const check = (resource: string, action: string, object: (request: any) => string = () => ""): Rule => ({ access: "check", resource, action, object });
export const filter = (resource: string, action = "get"): Rule => ({ access: "filter", resource, action });
export const inside = (why: string, ...asks: [string, string][]): Rule => ({ access: "inside", asks, why });
export const signedIn = (why: string): Rule => ({ access: "signed-in", why });

export function unary<C extends Call = Call>(rule: Rule, handle: (request: any, call: C) => Promise<unknown>): Rpc {
  return { rule, handle, stream: false };
}

export function stream<C extends Call = Call>(rule: Rule, handle: (request: any, call: C) => AsyncIterable<unknown>): Rpc {
  return { rule, handle, stream: true };
}

/** `{ "application.ApplicationService": { List: … } }`. */
export type RpcTable = Record<string, Record<string, Rpc>>;

/**
 * The table as services: each call is authenticated, its rule enforced, then handled. Throws at once
 * for an RPC without a rule, so that a forgotten check can never be served.
 */
export function bindRpcs(table: RpcTable, ctx: Context): Services {
  const services: Services = {};
  for (const [service, methods] of Object.entries(table)) {
    services[service] = {};
    for (const [method, rpc] of Object.entries(methods)) {
      if (rpc?.rule?.access === undefined) throw new AppError(`${service}/${method} declares no permission`, { reason: "UndeclaredPermission", code: Code.Internal, retry: "never" });
      services[service][method] = rpc.stream ? bindStream(rpc, ctx) : bindUnary(rpc, ctx);
    }
  }
  return services;
}

function bindUnary(rpc: Rpc, ctx: Context) {
  return async (request: any, call: CallContext) => rpc.handle(request ?? {}, await admit(rpc.rule, request ?? {}, call, ctx)) as Promise<unknown>;
}

function bindStream(rpc: Rpc, ctx: Context) {
  return async function* (request: any, call: CallContext) {
    const admitted = await admit(rpc.rule, request ?? {}, call, ctx);
    // What is signed out, forbidden or deleted while it is being watched must not be watched on.
    const standing = standingPermission(() => admit(rpc.rule, request ?? {}, call, ctx), admitted.caller.identity?.expiresAt, ctx);
    const signal = AbortSignal.any([call.signal, standing.ended]);
    try {
      yield* rpc.handle(request ?? {}, { ...admitted, signal }) as AsyncIterable<unknown>;
      if (standing.ended.aborted) throw standing.ended.reason;
    } catch (thrown) {
      throw standing.ended.aborted ? standing.ended.reason : thrown;
    } finally {
      standing[Symbol.dispose]();
    }
  };
}

async function admit(rule: Rule, request: any, call: CallContext, ctx: Context): Promise<Call> {
  const caller = rule.access === "public" ? await callerIfAny(call, ctx.auth) : await requireCaller(call, ctx.auth);
  const admitted: Call = { ctx, caller, signal: call.signal, call };
  if (rule.access === "check") caller.require(rule.resource, rule.action, rule.object(request));
  if (rule.access !== "application") return admitted;
  const action = typeof rule.action === "string" ? rule.action : rule.action(request, ctx);
  const found = await applicationFor({ ...rule.ref(request), action, fresh: rule.fresh ?? false }, admitted);
  return { ...admitted, ...found };
}
