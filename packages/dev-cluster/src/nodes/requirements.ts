import type { KubeObject } from "@trireme/api";
import type { WatchCache } from "@trireme/kube";
import type { Pod } from "../loop/pods.ts";

/** What containers need from the cluster before they can be created: ConfigMaps, Secrets and their keys. */
export class Requirements {
  readonly #configMaps: WatchCache<KubeObject>;
  readonly #secrets: WatchCache<KubeObject>;

  constructor(configMaps: WatchCache<KubeObject>, secrets: WatchCache<KubeObject>) {
    this.#configMaps = configMaps;
    this.#secrets = secrets;
  }

  onChange(listener: (namespace: string) => void): void {
    for (const cache of [this.#configMaps, this.#secrets]) cache.on(({ object }) => listener(object.metadata.namespace ?? ""));
  }

  /** The kubelet's sentence for the first thing that is missing. */
  missing(pod: Pod, container: Record<string, any>): string | undefined {
    const namespace = pod.metadata.namespace ?? "";
    for (const source of container["envFrom"] ?? []) {
      const problem = this.#absent("configmap", namespace, source.configMapRef) ?? this.#absent("secret", namespace, source.secretRef);
      if (problem) return problem;
    }
    for (const variable of container["env"] ?? []) {
      const problem = this.#absent("configmap", namespace, variable.valueFrom?.configMapKeyRef) ?? this.#absent("secret", namespace, variable.valueFrom?.secretKeyRef);
      if (problem) return problem;
    }
    return undefined;
  }

  /** The first volume that cannot be mounted: the pod stays in ContainerCreating meanwhile. */
  unmountable(pod: Pod): string | undefined {
    const namespace = pod.metadata.namespace ?? "";
    for (const volume of pod.spec["volumes"] ?? []) {
      const projected = ((volume.projected?.sources ?? []) as any[]).flatMap(({ configMap, secret }) => [{ configMap, secret }]);
      for (const { configMap, secret } of [volume, ...projected]) {
        const secretName = secret?.secretName ?? secret?.name;
        const problem = this.#absent("configmap", namespace, configMap && { name: configMap.name, optional: configMap.optional }) ?? this.#absent("secret", namespace, secretName && { name: secretName, optional: secret.optional });
        if (problem) return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`;
      }
    }
    return undefined;
  }

  #absent(what: "configmap" | "secret", namespace: string, reference: { name?: string; key?: string; optional?: boolean } | undefined): string | undefined {
    if (!reference?.name || reference.optional) return undefined;
    const found = (what === "configmap" ? this.#configMaps : this.#secrets).get(namespace, reference.name);
    if (!found) return `${what} "${reference.name}" not found`;
    if (reference.key === undefined || reference.key in { ...found["data"], ...found["binaryData"] }) return undefined;
    return `couldn't find key ${reference.key} in ${what === "configmap" ? "ConfigMap" : "Secret"} ${namespace}/${reference.name}`;
  }
}

/** Values never stay in this process: only the names of the keys are asked for. */
export function keysOnly(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const { managedFields: _, annotations: __, ...rest } = metadata;
  const names = (data: Record<string, unknown> | undefined) => Object.fromEntries(Object.keys(data ?? {}).map((key) => [key, ""]));
  return { apiVersion, kind, metadata: rest, data: names(object["data"]), binaryData: names(object["binaryData"]) };
}
