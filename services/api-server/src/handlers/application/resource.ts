import type { PatchType } from "@trireme/kube";
import { invalid, unknown } from "../../errors.ts";
import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";
import { recordApplication } from "./events.ts";
import { liveObject, liveResource, resourceAction, wrapped } from "./live-resource.ts";
import { maskSecret } from "./mask.ts";
import { manifestText } from "./tracked-manifest.ts";

/** A live object of the application as JSON; secrets masked. */
export const getResource = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const object = await liveObject(await liveResource(request, call), call.signal);
  return { manifest: manifestText(maskSecret(object, call.ctx.settings.current().maskedAnnotations)) };
});

const PATCH_TYPES: Record<string, PatchType> = { "application/json-patch+json": "json", "application/merge-patch+json": "merge", "application/strategic-merge-patch+json": "strategic" };

/** Patches a live object of the application, by the rights of the person and of the project's service account. */
export const patchResource = unary<ApplicationCall>(forApplication(resourceAction("update")), async (request, call) => {
  const type = PATCH_TYPES[request.patchType ?? ""];
  if (type === undefined) throw invalid(`patch type ${JSON.stringify(request.patchType ?? "")} is not supported; use ${Object.keys(PATCH_TYPES).join(", ")}`);
  const resource = await liveResource(request, call);
  const { ref, client } = resource;
  let body: unknown;
  try {
    body = JSON.parse(request.patch ?? "");
  } catch {
    throw invalid(`error patching resource: the patch of ${ref.kind} ${ref.namespace}/${ref.name} is not JSON`);
  }
  const isSecret = ref.kind === "Secret" && ref.group === "";
  const patched = await wrapped("error patching resource", () => client.patch(ref, type, body, { fieldManager: "argocd-controller", signal: call.signal })).catch((thrown: unknown) => {
    // The server's sentence may quote what was sent.
    if (isSecret) throw unknown(`failed to patch Secret ${ref.namespace}/${ref.name}`, "PatchFailed", thrown);
    throw thrown;
  });
  recordApplication(call.app, "ResourceUpdated", `patched resource ${ref.group}/${ref.kind} '${ref.name}'`, call);
  return { manifest: manifestText(maskSecret(patched, call.ctx.settings.current().maskedAnnotations)) };
});

/** Deletes a live object of the application: in the foreground, at once by force, or leaving what it owns. */
export const deleteResource = unary<ApplicationCall>(forApplication(resourceAction("delete")), async (request, call) => {
  const { node, ref, client } = await liveResource(request, call);
  const how = request.orphan === true ? ({ propagationPolicy: "Orphan" } as const) : request.force === true ? ({ propagationPolicy: "Background", gracePeriodSeconds: 0 } as const) : ({ propagationPolicy: "Foreground" } as const);
  await wrapped("error deleting resource", () => client.delete(ref, { ...how, ...(node.uid !== undefined && { preconditions: { uid: node.uid } }), signal: call.signal }));
  recordApplication(call.app, "ResourceDeleted", `deleted resource ${ref.group}/${ref.kind} '${ref.name}'`, call);
  return {};
});
