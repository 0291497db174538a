import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { recordApplication } from "../events.ts";
import { liveObject, liveResource, resourceAction, wrapped } from "./live-resource.ts";
import { maskSecret } from "./mask.ts";
import { patchLive } from "./patch-live.ts";
import { manifestText } from "./tracked-manifest.ts";

/** A live object of the application as JSON; secrets masked. */
export const getResource = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const object = await liveObject(await liveResource(request, call), call.signal);
  return { manifest: manifestText(maskSecret(object, call.ctx.settings.current().maskedAnnotations)) };
});

/** Patches a live object of the application, by the rights of the person and of the project's service account. */
export const patchResource = unary<ApplicationCall>(forApplication(resourceAction("update")), async (request, call) => {
  const resource = await liveResource(request, call);
  const { ref } = resource;
  const patched = await patchLive(resource, request, call);
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
