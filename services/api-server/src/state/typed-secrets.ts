import { SECRET_TYPE, type DataObject } from "@trireme/settings";
import type { Context } from "../context.ts";
import { deleteObject } from "./delete-object.ts";
import { changeData } from "./write-secret.ts";
import { SECRET } from "./resources.ts";

const MANAGED_BY = { "managed-by": "argocd.argoproj.io" };

/** Writes a Secret that stands for a repository, a credential template or a cluster, labelled as such. Creating fails with AlreadyExists. */
export async function writeTypedSecret(
  ctx: Context,
  options: { name: string; type: string; data: Record<string, string> | ((old: Record<string, string>) => Record<string, string>); create: boolean; labels?: Record<string, string>; annotations?: Record<string, string>; signal: AbortSignal },
): Promise<DataObject> {
  const data = (old: Record<string, string>) => (typeof options.data === "function" ? options.data(old) : options.data);
  if (!options.create) {
    const written = await changeData({ client: ctx.kube, cache: ctx.plane.secrets, kind: "Secret", namespace: ctx.namespace, name: options.name, signal: options.signal, change: data });
    return written!;
  }
  const secret: DataObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: ctx.namespace, name: options.name, labels: { ...options.labels, [SECRET_TYPE]: options.type }, annotations: { ...options.annotations, ...MANAGED_BY } },
    data: data({}),
  };
  const created = await ctx.kube.create<DataObject>(secret, { fieldManager: "argocd-server", signal: options.signal });
  ctx.plane.secrets.observe(created);
  return created;
}

/** Deletes a Secret that was made through this API; one that somebody else made only loses the label that makes it ours. */
export async function deleteOwnedSecret(ctx: Context, name: string, signal: AbortSignal): Promise<void> {
  const secret = ctx.plane.secrets.get(ctx.namespace, name);
  if (secret === undefined) return;
  const ref = { ...SECRET, namespace: ctx.namespace, name };
  if (secret.metadata.annotations?.["managed-by"] !== MANAGED_BY["managed-by"]) {
    const patched = await ctx.kube.patch<DataObject>(ref, "merge", { metadata: { resourceVersion: secret.metadata.resourceVersion, labels: { [SECRET_TYPE]: null } } }, { fieldManager: "argocd-server", signal });
    ctx.plane.secrets.observe(patched);
    return;
  }
  await deleteObject(secret, SECRET, ctx.plane.secrets, ctx, signal);
}
