import type { KubeObject } from "@trireme/api";
import type { PatchType } from "@trireme/kube";
import { invalid, unknown } from "../../../errors.ts";
import type { ApplicationCall } from "../access.ts";
import { wrapped, type LiveResource } from "./live-resource.ts";

const PATCH_TYPES: Record<string, PatchType> = { "application/json-patch+json": "json", "application/merge-patch+json": "merge", "application/strategic-merge-patch+json": "strategic" };

/** Sends a person's patch of a live object to its cluster, which may only be asked what would become of it. Throws InvalidArgument for what is no patch. */
export async function patchLive({ ref, client }: LiveResource, request: { patchType?: string; patch?: string }, { signal }: ApplicationCall, { dryRun = false } = {}): Promise<KubeObject> {
  const type = PATCH_TYPES[request.patchType ?? ""];
  if (type === undefined) throw invalid(`patch type ${JSON.stringify(request.patchType ?? "")} is not supported; use ${Object.keys(PATCH_TYPES).join(", ")}`);
  let body: unknown;
  try {
    body = JSON.parse(request.patch ?? "");
  } catch {
    throw invalid(`error patching resource: the patch of ${ref.kind} ${ref.namespace}/${ref.name} is not JSON`);
  }
  const isSecret = ref.kind === "Secret" && ref.group === "";
  return wrapped("error patching resource", () => client.patch(ref, type, body, { fieldManager: "argocd-controller", signal, ...(dryRun && { dryRun, fieldValidation: "Strict" }) })).catch((thrown: unknown) => {
    // The server's sentence may quote what was sent.
    if (isSecret) throw unknown(`failed to patch Secret ${ref.namespace}/${ref.name}`, "PatchFailed", thrown);
    throw thrown;
  });
}
