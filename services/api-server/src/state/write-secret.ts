import { isAlreadyExists, isConflict, isNotFound, type KubeClient, type WatchCache } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import type { DataObject } from "@trireme/settings";

const ATTEMPTS = 5;

/**
 * Changes the data of a ConfigMap or Secret that people write too: what was read is changed and written
 * with its resourceVersion; a lost race is read again and decided again. `change` returns the new data,
 * or `undefined` to leave it. Creates the object when it is not there.
 */
export async function changeData(options: {
  client: KubeClient;
  cache: WatchCache<DataObject>;
  kind: "Secret" | "ConfigMap";
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  change: (data: Record<string, string>) => Record<string, string> | undefined;
  signal?: AbortSignal;
}): Promise<DataObject | undefined> {
  const { client, cache, kind, namespace, name } = options;
  const settings = { fieldManager: "argocd-server", ...(options.signal && { signal: options.signal }) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await client.find<DataObject>({ group: "", version: "v1", kind, namespace, name }, settings);
    const data = options.change({ ...found?.data });
    if (data === undefined) return found;
    try {
      const written =
        found === undefined
          ? await client.create<DataObject>({ apiVersion: "v1", kind, metadata: { namespace, name, labels: { "app.kubernetes.io/part-of": "argocd", ...options.labels } }, data }, settings)
          : await client.update<DataObject>({ ...found, data }, settings);
      cache.observe(written);
      return written;
    } catch (thrown) {
      if (!isConflict(thrown) && !isAlreadyExists(thrown) && !(found !== undefined && isNotFound(thrown))) throw thrown;
    }
  }
  throw new AppError(`${kind} ${namespace}/${name} changed ${ATTEMPTS} times while it was being written`, { reason: "TooManyConflicts", code: Code.Aborted, retry: "now" });
}
