import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound } from "@trireme/kube";
import { controllerOfKind, type Controller, type ControllerContext } from "./context.ts";

export const NAMESPACE = { group: "", version: "v1", kind: "Namespace" };
const SERVICE_ACCOUNT = { group: "", version: "v1", kind: "ServiceAccount" };
const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const ROOT_CA = "kube-root-ca.crt";
const DESCRIPTION = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Every namespace has its `default` service account and the certificate authority that pods trust. */
export function startServiceAccounts(ctx: ControllerContext, options: { rootCA: string | undefined }): Controller {
  const accounts = ctx.informers.of(SERVICE_ACCOUNT);
  const maps = ctx.informers.of(CONFIG_MAP, { fieldSelector: `metadata.name=${ROOT_CA}` });
  const controller = controllerOfKind<KubeObject>(ctx, { name: "serviceaccount-controller", kind: NAMESPACE, visit });
  accounts.on(({ type, object }) => type === "deleted" && object.metadata.name === "default" && controller.queue.add(`/${object.metadata.namespace}`));
  maps.on(({ object }) => controller.queue.add(`/${object.metadata.namespace}`));
  return controller;

  async function visit(namespace: KubeObject, signal: AbortSignal): Promise<void> {
    if (namespace.metadata.deletionTimestamp || namespace["status"]?.phase === "Terminating") return;
    const name = namespace.metadata.name!;
    await Promise.all([
      accounts.get(name, "default") ?? created(accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } }, signal),
      options.rootCA === undefined ? undefined : rootCa(name, options.rootCA, signal),
    ]);
  }

  async function rootCa(namespace: string, ca: string, signal: AbortSignal): Promise<void> {
    const wanted: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: ROOT_CA, namespace, annotations: { "kubernetes.io/description": DESCRIPTION } }, data: { "ca.crt": ca } };
    const found = maps.get(namespace, ROOT_CA);
    if (!found) return created(maps, wanted, signal);
    if (found["data"]?.["ca.crt"] !== ca) maps.observe(await ctx.client.update({ ...found, data: wanted["data"] }, { signal }));
  }

  async function created(cache: typeof accounts, object: KubeObject, signal: AbortSignal): Promise<void> {
    try {
      cache.observe(await ctx.client.create(object, { signal }));
    } catch (thrown) {
      // Made by somebody else, or the namespace is on its way out.
      if (!isAlreadyExists(thrown) && !isNotFound(thrown)) throw thrown;
    }
  }
}
