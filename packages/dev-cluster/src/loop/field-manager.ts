import type { KubeClient } from "@trireme/kube";

/** The same client whose writes carry this field manager where they name none, as if the component wrote itself. */
export function asManager(client: KubeClient, fieldManager: string): KubeClient {
  return {
    cluster: client.cluster,
    discovery: (options) => client.discovery(options),
    openapi: (groupVersion, signal) => client.openapi(groupVersion, signal),
    get: (ref, options) => client.get(ref, options),
    find: (ref, options) => client.find(ref, options),
    list: (gvk, options) => client.list(gvk, options),
    create: (object, options) => client.create(object, { fieldManager, ...options }),
    update: (object, options) => client.update(object, { fieldManager, ...options }),
    patch: (ref, type, body, options) => client.patch(ref, type, body, { fieldManager, ...options }),
    delete: (ref, options) => client.delete(ref, options),
    watch: (gvk, options) => client.watch(gvk, options),
    raw: (request) => client.raw(request),
    as: (user) => asManager(client.as(user), fieldManager),
    close: () => client.close(),
  };
}
