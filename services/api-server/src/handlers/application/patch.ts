import jsonpatch from "fast-json-patch";
import { messagePlan, shapeJson } from "@trireme/rpc";
import type { Application } from "@trireme/api/argo";
import { invalid, unknown } from "../../errors.ts";
import { unary } from "../rpc.ts";
import { forApplication, rbacName, type ApplicationCall } from "./access.ts";
import { mergePatched } from "./merge-patch.ts";
import { replaced } from "./update.ts";

/** A JSON patch (default) or merge patch on the whole application; only what a client may write takes effect. */
export const patch = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { app, ctx, caller } = call;
  caller.require("applications", "update", rbacName(app, ctx.namespace));
  const changed = shapeJson(messagePlan("github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.Application"), patched(app, request.patchType ?? "", request.patch ?? "")) as unknown as Application;
  return replaced(app, changed, true, call);
});

function patched(app: Application, type: string, text: string): unknown {
  if (type !== "" && type !== "json" && type !== "merge") throw invalid(`Patch type '${type}' is not supported`);
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    throw unknown(type === "merge" ? "error calculating merge patch: Invalid JSON Patch" : "error decoding json patch: the patch is not JSON", "InvalidPatch");
  }
  if (type === "merge") return mergePatched(structuredClone(app), patch);
  if (!Array.isArray(patch)) throw unknown("error decoding json patch: the patch is not a list of operations", "InvalidPatch");
  try {
    return jsonpatch.applyPatch(structuredClone(app), patch as jsonpatch.Operation[], true, true, true).newDocument;
  } catch (cause) {
    throw unknown(`error applying patch: ${(cause as Error).message.split("\n")[0]}`, "InvalidPatch", cause);
  }
}
