import { createSubresource, isNotFound, type KubeClient } from "@trireme/kube";
import type { KubeObject } from "@trireme/api";
import type { Pod } from "../../loop/pods.ts";
import { ContainerFiles, type Content } from "./container-files.ts";
import type { Writable } from "./writable.ts";

export interface ContainerView {
  env: Record<string, string>;
  files: ContainerFiles;
  cwd: string;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEFAULT_AUDIENCE: readonly string[] = [];

/**
 * What a process in a container finds: environment, mounted ConfigMaps and Secrets, /etc/hostname. Values are asked
 * for now and given to this one process: the node keeps none of them.
 */
export async function containerView(client: KubeClient, pod: Pod, spec: Record<string, any>, podIP: string, written: Writable): Promise<ContainerView> {
  const source = new Source(client, pod);
  const hostname = (pod.spec["hostname"] as string | undefined) ?? pod.metadata.name!;
  const env: Record<string, string> = { PATH, HOSTNAME: hostname, ...(await kubernetesService(client)) };
  Object.assign(env, await environmentOf(spec, pod, podIP, source));
  env["HOME"] ??= "/root";

  const given = new Map<string, Content>([
    ["/etc/hostname", () => Buffer.from(`${hostname}\n`)],
    ["/etc/hosts", () => Buffer.from(`# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n${podIP}\t${hostname}\n`)],
    ["/etc/resolv.conf", () => Buffer.from(`search ${pod.metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`)],
  ]);
  const mounts: { path: string; readOnly: boolean }[] = [];
  for (const mount of (spec["volumeMounts"] ?? []) as any[]) {
    const volume = (pod.spec["volumes"] ?? []).find((one: any) => one.name === mount.name);
    if (!volume) continue;
    const path = String(mount.mountPath).replace(/^\/run(?=\/)/, "/var/run").replace(/(?<=.)\/+$/, "");
    const content = await volumeFiles(volume, pod, podIP, spec, source);
    const within = mount.subPath ? String(mount.subPath).replace(/\/+$/, "") : undefined;
    if (within !== undefined && content?.has(within)) given.set(path, content.get(within)!);
    else {
      mounts.push({ path, readOnly: mount.readOnly === true || content !== undefined });
      for (const [name, read] of content ?? []) if (within === undefined || name.startsWith(`${within}/`)) given.set(`${path}/${within === undefined ? name : name.slice(within.length + 1)}`, read);
    }
  }
  if (spec["securityContext"]?.readOnlyRootFilesystem === true) mounts.push(...["/etc", "/home", "/root", "/tmp", "/var"].map((path) => ({ path, readOnly: true })));
  return { env, files: new ContainerFiles(given, mounts, written), cwd: spec["workingDir"] || "/" };
}

/** Files of a volume that come from the cluster, by their path in it; `undefined` for one that starts empty. */
async function volumeFiles(volume: Record<string, any>, pod: Pod, podIP: string, spec: Record<string, any>, source: Source): Promise<Map<string, Content> | undefined> {
  const { configMap, secret, projected, downwardAPI } = volume;
  if (configMap) return chosen(await source.configMap(configMap.name), configMap.items);
  if (secret) return chosen(await source.secret(secret.secretName), secret.items);
  if (downwardAPI) return downward(downwardAPI.items, pod, podIP, spec);
  if (!projected) return undefined;
  const files = new Map<string, Content>();
  for (const part of projected.sources ?? []) {
    const own = part.configMap
      ? chosen(await source.configMap(part.configMap.name), part.configMap.items)
      : part.secret
        ? chosen(await source.secret(part.secret.name), part.secret.items)
        : part.downwardAPI
          ? downward(part.downwardAPI.items, pod, podIP, spec)
          : part.serviceAccountToken
            ? new Map<string, Content>([[part.serviceAccountToken.path, () => source.token(part.serviceAccountToken)]])
            : new Map<string, Content>();
    for (const [name, read] of own) files.set(name, read);
  }
  return files;
}

function chosen(data: ReadonlyMap<string, Buffer>, items: { key: string; path: string }[] | undefined): Map<string, Content> {
  const all = items ? items.flatMap(({ key, path }) => (data.has(key) ? [[path, data.get(key)!] as const] : [])) : [...data];
  return new Map(all.map(([name, value]) => [name, () => value]));
}

function downward(items: any[] | undefined, pod: Pod, podIP: string, spec: Record<string, any>): Map<string, Content> {
  return new Map((items ?? []).map(({ path, fieldRef, resourceFieldRef }) => [path, () => Buffer.from(fieldRef ? fieldValue(fieldRef.fieldPath, pod, podIP) : resourceValue(resourceFieldRef, pod, spec))]));
}

async function environmentOf(spec: Record<string, any>, pod: Pod, podIP: string, source: Source): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const { prefix = "", configMapRef, secretRef } of (spec["envFrom"] ?? []) as any[]) {
    const data = configMapRef ? await source.configMap(configMapRef.name) : secretRef ? await source.secret(secretRef.name) : new Map<string, Buffer>();
    for (const [name, value] of data) env[`${prefix}${name}`] = value.toString("utf8");
  }
  for (const { name, value, valueFrom } of (spec["env"] ?? []) as any[]) {
    if (!valueFrom) env[name] = references(value ?? "", env);
    else if (valueFrom.fieldRef) env[name] = fieldValue(valueFrom.fieldRef.fieldPath, pod, podIP);
    else if (valueFrom.resourceFieldRef) env[name] = resourceValue(valueFrom.resourceFieldRef, pod, spec);
    else {
      const ref = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
      const data = ref && (await (valueFrom.configMapKeyRef ? source.configMap(ref.name) : source.secret(ref.name)));
      const found = data?.get(ref.key);
      if (found !== undefined) env[name] = found.toString("utf8");
    }
  }
  return env;
}

/** `$(NAME)` of variables before; `$$(NAME)` stays as `$(NAME)`. */
function references(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\$|\(([A-Za-z_][\w.-]*)\))/g, (whole, after: string, name: string | undefined) => (after === "$" ? "$" : (env[name!] ?? whole)));
}

function fieldValue(path: string, pod: Pod, podIP: string): string {
  const keyed = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  const lines = (values: Record<string, string> | undefined): string => Object.entries(values ?? {}).sort().map(([name, value]) => `${name}=${JSON.stringify(value)}`).join("\n");
  switch (path) {
    case "metadata.labels":
      return lines(pod.metadata.labels);
    case "metadata.annotations":
      return lines(pod.metadata.annotations);
    case "status.podIP":
    case "status.podIPs":
      return podIP;
    case "status.hostIP":
    case "status.hostIPs":
      return String(pod.status?.["hostIP"] ?? "127.0.0.1");
    default:
      return String(path.split(".").reduce((value: any, key) => value?.[key], pod) ?? "");
  }
}

function resourceValue({ containerName, resource }: { containerName?: string; resource: string }, pod: Pod, spec: Record<string, any>): string {
  const container = containerName ? (pod.spec["containers"] ?? []).find((one: any) => one.name === containerName) : spec;
  const [kind = "", ...name] = resource.split(".");
  return String(container?.resources?.[kind]?.[name.join(".")] ?? "0");
}

/** Where every container finds the API server. */
async function kubernetesService(client: KubeClient): Promise<Record<string, string>> {
  try {
    const service = await client.get({ group: "", version: "v1", kind: "Service", namespace: "default", name: "kubernetes" });
    const port = String(service["spec"]?.ports?.[0]?.port ?? 443);
    return { KUBERNETES_SERVICE_HOST: service["spec"].clusterIP, KUBERNETES_SERVICE_PORT: port, KUBERNETES_SERVICE_PORT_HTTPS: port };
  } catch (thrown) {
    if (isNotFound(thrown)) return {};
    throw thrown;
  }
}

/** Reads each object once for one view. What is optional and absent is empty. */
class Source {
  readonly #client: KubeClient;
  readonly #pod: Pod;
  readonly #read = new Map<string, Promise<Map<string, Buffer>>>();

  constructor(client: KubeClient, pod: Pod) {
    this.#client = client;
    this.#pod = pod;
  }

  configMap(name: string): Promise<Map<string, Buffer>> {
    return this.#once("ConfigMap", name, ({ data, binaryData }) => new Map([...Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(String(value))] as const), ...Object.entries(binaryData ?? {}).map(([key, value]) => [key, Buffer.from(String(value), "base64")] as const)]));
  }

  secret(name: string): Promise<Map<string, Buffer>> {
    return this.#once("Secret", name, ({ data }) => new Map(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(String(value), "base64")])));
  }

  /** A fresh token of the pod's account, as a kubelet asks for it. */
  async token({ audience, expirationSeconds }: { audience?: string; expirationSeconds?: number }): Promise<Buffer> {
    const { namespace = "", name, uid } = this.#pod.metadata;
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata: {}, spec: { audiences: audience ? [audience] : DEFAULT_AUDIENCE, expirationSeconds: expirationSeconds ?? 3607, boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid } } };
    const answer = await createSubresource(this.#client, { group: "", version: "v1", kind: "ServiceAccount", namespace, name: this.#pod.spec["serviceAccountName"] ?? "default" }, "token", body);
    return Buffer.from(answer["status"].token);
  }

  #once(kind: string, name: string, read: (object: KubeObject) => Map<string, Buffer>): Promise<Map<string, Buffer>> {
    const key = `${kind}/${name}`;
    const found = this.#read.get(key) ?? this.#client.get({ group: "", version: "v1", kind, namespace: this.#pod.metadata.namespace!, name }).then(read, (thrown: unknown) => {
      if (isNotFound(thrown)) return new Map<string, Buffer>();
      throw thrown;
    });
    this.#read.set(key, found);
    return found;
  }
}
