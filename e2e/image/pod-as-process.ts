import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KubeClient } from "@trireme/kube";
import { stringify } from "yaml";
import { until } from "../support/until.ts";
import type { Manifest } from "../chart/helm.ts";

export interface Machine {
  client: KubeClient;
  /** URL and certificate authority (PEM) of the API server, as pods would find them. */
  server: { url: string; ca: string };
  /** What the image holds at /app. */
  image: string;
  /** ENV of the Dockerfile. */
  imageEnvironment: Record<string, string>;
  /** Where the pods' file systems are made. */
  root: string;
  logs: string;
}

export interface PodProcess extends AsyncDisposable {
  name: string;
  pid: number;
}

/**
 * Starts the one container of a workload's pod as a process of this machine, as a kubelet would: its environment is
 * taken from the ConfigMaps and Secrets it names, its volumes are written below `root`, it waits for the Secrets that
 * it mounts, and it signs in with a token of its ServiceAccount or, where it may not, not at all. Nothing of our own
 * environment reaches it. Returns when its readiness probe says yes.
 */
export async function startPod(machine: Machine, workload: Manifest, podName: string): Promise<PodProcess> {
  const { spec } = workload.spec.template;
  const [container] = spec.containers;
  const namespace = workload.metadata.namespace!;
  const root = path.join(machine.root, podName);
  const mounts: { name: string; mountPath: string }[] = container.volumeMounts ?? [];
  for (const mount of mounts) await fillVolume(machine.client, namespace, spec.volumes.find((volume: { name: string }) => volume.name === mount.name), path.join(root, mount.mountPath));

  // The container's root is a folder here, so paths into its volumes and its image move there.
  const places = [...mounts.map(({ mountPath }) => [mountPath, path.join(root, mountPath)] as const), ["/app", machine.image] as const];
  const located = (value: string): string => {
    const place = places.find(([from]) => value === from || value.startsWith(`${from}/`));
    return place === undefined ? value : place[1] + value.slice(place[0].length);
  };
  const environment: Record<string, string> = { PATH: "/usr/local/bin:/usr/bin:/bin", TMPDIR: located("/tmp") };
  for (const [name, value] of Object.entries(machine.imageEnvironment)) environment[name] = located(value);
  for (const variable of container.env) {
    const value = await valueOf(machine.client, namespace, podName, variable);
    if (value !== undefined) environment[variable.name] = located(value);
  }
  if (spec.automountServiceAccountToken !== false) environment["KUBECONFIG"] = await signInAs(machine, namespace, spec.serviceAccountName, root);

  const logFile = path.join(machine.logs, `${podName}.log`);
  const log = openSync(logFile, "a");
  const [program, ...args] = container.args as string[];
  const child = spawn(process.execPath, [path.join(machine.image, program!), ...args], { cwd: machine.image, env: environment, stdio: ["ignore", log, log] });
  closeSync(log);
  const exited = new Promise<string>((resolve) => child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`)));
  const pod: PodProcess = { name: podName, pid: child.pid!, [Symbol.asyncDispose]: () => end(child, exited) };
  try {
    await ready(container.readinessProbe.httpGet.path, environment["TRIREME_PROBES_ADDRESS"]!, podName, child, logFile);
  } catch (error) {
    await pod[Symbol.asyncDispose]();
    throw error;
  }
  return pod;
}

async function fillVolume(client: KubeClient, namespace: string, volume: { emptyDir?: object; secret?: { secretName: string } }, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (volume.secret === undefined) return;
  const name = volume.secret.secretName;
  const secret = await until(`Secret ${name}`, () => client.find({ group: "", kind: "Secret", namespace, name }), (found) => found !== undefined || { notYet: "not there" }, 60_000);
  for (const [key, value] of Object.entries((secret?.["data"] ?? {}) as Record<string, string>)) await writeFile(path.join(folder, key), Buffer.from(value, "base64"), { mode: 0o440 });
}

async function valueOf(client: KubeClient, namespace: string, podName: string, variable: { name: string; value?: string; valueFrom?: any }): Promise<string | undefined> {
  const { value, valueFrom } = variable;
  if (valueFrom === undefined) return value ?? "";
  if (valueFrom.fieldRef !== undefined) {
    const fields: Record<string, string> = { "metadata.name": podName, "metadata.namespace": namespace };
    if (fields[valueFrom.fieldRef.fieldPath] === undefined) throw new Error(`${variable.name}: the field ${valueFrom.fieldRef.fieldPath} is not known here`);
    return fields[valueFrom.fieldRef.fieldPath];
  }
  const [kind, reference] = valueFrom.configMapKeyRef !== undefined ? (["ConfigMap", valueFrom.configMapKeyRef] as const) : (["Secret", valueFrom.secretKeyRef] as const);
  const object = await client.find({ group: "", kind, namespace, name: reference.name });
  const found = (object?.["data"] as Record<string, string> | undefined)?.[reference.key];
  if (found === undefined && reference.optional !== true) throw new Error(`${variable.name}: ${kind} ${reference.name} has no key ${reference.key}`);
  return found !== undefined && kind === "Secret" ? Buffer.from(found, "base64").toString() : found;
}

/** A kubeconfig over the files that a pod has in /var/run/secrets/kubernetes.io/serviceaccount. */
async function signInAs(machine: Machine, namespace: string, serviceAccount: string, root: string): Promise<string> {
  const folder = path.join(root, "var/run/secrets/kubernetes.io/serviceaccount");
  await mkdir(folder, { recursive: true });
  const answer = await machine.client.raw({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`no token for ${namespace}/${serviceAccount}: ${answer.status} ${text}`);
  await writeFile(path.join(folder, "token"), (JSON.parse(text) as { status: { token: string } }).status.token, { mode: 0o440 });
  await writeFile(path.join(folder, "ca.crt"), machine.server.ca);
  await writeFile(path.join(folder, "namespace"), namespace);
  const kubeconfig = path.join(root, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "pod", cluster: { server: machine.server.url, "certificate-authority": path.join(folder, "ca.crt") } }],
    users: [{ name: "pod", user: { tokenFile: path.join(folder, "token") } }],
    contexts: [{ name: "pod", context: { cluster: "pod", user: "pod", namespace } }],
    "current-context": "pod",
  };
  await writeFile(kubeconfig, stringify(config));
  return kubeconfig;
}

async function ready(probe: string, address: string, podName: string, child: ChildProcess, logFile: string): Promise<void> {
  await until(
    podName,
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) return { ended: (await readFile(logFile, "utf8")).slice(-2_000) };
      const response = await fetch(`http://${address}${probe}`, { signal: AbortSignal.timeout(2_000) });
      return { status: response.status, text: await response.text() };
    },
    (found) => ("ended" in found ? { never: `it ended:\n${found.ended}` } : found.status === 200 || { notYet: `${found.status} ${found.text}` }),
    60_000,
  );
}

async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await exited;
  clearTimeout(timer);
}
