import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { AppError, Code, withDeadline } from "@trireme/runtime";
import { apiServerArguments, controllerManagerArguments, etcdArguments, SERVICE_ADDRESS, type Ports } from "./arguments.ts";
import { controlPlaneBinaries, kubernetesVersion, minorOf, wantedMinor, type Binaries } from "./binaries.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { createPki, type Pki } from "./pki.ts";
import { freePorts } from "./ports.ts";
import { compactEtcd } from "./etcd.ts";
import { Parts, type Part } from "./parts.ts";
import { guard } from "./processes.ts";
import { untilControllersWork, untilReady } from "./readiness.ts";

export type { Part };

export interface ControlPlaneOptions {
  /** Where data, certificates and logs go; must be empty or absent. Default: a new folder for temporary files. */
  dir?: string;
  /** Kubernetes version that must run, `v1.36.3` or the minor `1.34`. Default: what `TRIREME_KUBERNETES_MINOR` asks for, else 1.36, or whatever KUBEBUILDER_ASSETS holds. */
  version?: string;
  /** Also run kube-controller-manager. Default true. */
  controllers?: boolean;
  /** Survive the process that starts it. Default false: whatever ends us ends it too. */
  detached?: boolean;
  /** More flags, such as `--max-requests-inflight=800`; the later of two wins. */
  apiServerArguments?: readonly string[];
  log?: (line: string) => void;
}

export interface ControlPlane extends AsyncDisposable {
  /** Path of the administrator's kubeconfig (group system:masters). */
  kubeconfig: string;
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** Certificate of the authority, PEM in base64, as a kubeconfig has it. */
  caData: string;
  /** As the server states it, such as `v1.36.3`. */
  version: string;
  dir: string;
  pids: Readonly<Record<string, number>>;
  /** Paths by process name. */
  logs: Readonly<Record<string, string>>;
  /** Settles when one of the processes ends by itself, saying which and how. */
  ended: Promise<string>;
  /** SIGKILLs parts, as a machine does that loses its power; resolves when they are gone. Their data and ports stay theirs. */
  kill(...parts: readonly Part[]): Promise<void>;
  /** Starts killed parts again on their data; resolves when the API server is ready. */
  revive(...parts: readonly Part[]): Promise<void>;
  /** Makes etcd forget every change so far, and the API server with it: whatever starts before is answered 410. */
  compact(): Promise<void>;
  /** A kubeconfig for somebody else, who has no rights but those that RBAC gives them. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** A certificate that the API server and whoever trusts `caData` accepts; for kubelets and webhooks. */
  issueServer(commonName: string, addresses: { dns: readonly string[]; ip: readonly string[] }): Promise<{ certificate: string; key: string }>;
  /** Ends the processes and removes everything below `dir`. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1 and returns when they work:
 * the API server is ready, and namespaces get their service account. Several may run side by side.
 * Fails with `ControlPlaneBinariesMissing`, `ControlPlaneStartFailed` or `DeadlineExceeded`, leaving nothing behind.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const minor = options.version === undefined ? wantedMinor() : minorOf(options.version);
  const binaries = await controlPlaneBinaries({ minor, controllers: options.controllers ?? true, log: options.log ?? (() => undefined) });
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binaries, options);
    } catch (error) {
      // Between choosing a port and listening on it, somebody else may take it.
      if (attempt === ATTEMPTS || !/address already in use/.test((error as Error).message)) throw error;
    }
  }
}

async function startOnce(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const dir = options.dir === undefined ? await mkdtemp(path.join(os.tmpdir(), "trireme-control-plane-")) : await emptyFolder(options.dir);
  const watchman = options.detached ? undefined : guard(dir, options.dir === undefined);
  const parts = new Parts(dir, options.detached ?? false);
  const stop = async () => {
    await parts.kill(...parts.names);
    watchman?.[Symbol.dispose]();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const ports = await choosePorts();
    const pki = await createPki(path.join(dir, "pki"), SERVICE_ADDRESS);
    const url = `https://127.0.0.1:${ports.apiServer}`;
    const cluster = { name: "control-plane", url, ca: pki.authority.certificate };
    const kubeconfig = await writeKubeconfig(path.join(dir, "kubeconfig"), cluster, { name: "kubernetes-admin", ...pki.admin });

    await parts.start("etcd", binaries.etcd, etcdArguments(dir, ports, pki));
    await parts.start("kube-apiserver", binaries.apiServer, [...apiServerArguments(ports, pki), ...(options.apiServerArguments ?? [])]);
    const ready = () => orEnded(parts, "kube-apiserver to become ready", (signal) => untilReady({ url, ...pki }, signal));
    const version = await ready();
    await checkVersion(options.version, version);

    if (binaries.controllerManager !== undefined) {
      const own = await writeKubeconfig(path.join(dir, "pki", "kube-controller-manager.kubeconfig"), cluster, { name: "system:kube-controller-manager", ...pki.controllerManager });
      await parts.start("kube-controller-manager", binaries.controllerManager, controllerManagerArguments(own, pki));
      await orEnded(parts, "kube-controller-manager to begin its work", (signal) => untilControllersWork({ url, ...pki }, signal));
    }
    return describe({ dir, url, version, kubeconfig, pki, parts, stop, ready, etcd: `https://127.0.0.1:${ports.etcd}` });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Described {
  dir: string;
  url: string;
  version: string;
  kubeconfig: string;
  pki: Pki;
  parts: Parts;
  stop: () => Promise<void>;
  ready: () => Promise<unknown>;
  etcd: string;
}

function describe({ dir, url, version, kubeconfig, pki, parts, stop, ready, etcd }: Described): ControlPlane {
  return {
    dir,
    url,
    version,
    kubeconfig,
    caData: Buffer.from(pki.authority.certificate).toString("base64"),
    get pids() {
      return parts.pids;
    },
    logs: parts.logs,
    ended: parts.ended,
    kill: (...names) => parts.kill(...names),
    revive: async (...names) => {
      await parts.revive(...names);
      await ready();
    },
    compact: async () => {
      await compactEtcd(etcd, pki);
      // What the API server remembers by itself reaches further back than etcd, until it begins anew.
      await parts.kill("kube-apiserver");
      await parts.revive("kube-apiserver");
      await ready();
    },
    kubeconfigFor: async (user, groups = []) => {
      const file = path.join(dir, `${encodeURIComponent(user)}.kubeconfig`);
      return writeKubeconfig(file, { name: "control-plane", url, ca: pki.authority.certificate }, { name: user, ...(await pki.authority.issueClient(user, groups)) });
    },
    issueServer: (commonName, addresses) => pki.authority.issueServer(commonName, addresses),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function choosePorts(): Promise<Ports> {
  const [etcd, etcdPeer, apiServer] = (await freePorts(3)) as [number, number, number];
  return { etcd, etcdPeer, apiServer };
}

/** Waits for `what`, but no longer than the processes live. */
async function orEnded<T>(parts: Parts, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = parts.ended.then((how) => {
    throw new AppError(`the control plane did not start: ${how}`, { reason: "ControlPlaneStartFailed", code: Code.FailedPrecondition });
  });
  return withDeadline(what, START_DEADLINE_MS, (signal) => Promise.race([work(signal), ended]));
}

async function checkVersion(wanted: string | undefined, running: string): Promise<void> {
  if (wanted === undefined || wanted === running || running.startsWith(`v${wanted.replace(/^v/, "")}.`)) return;
  throw new AppError(`Kubernetes ${wanted} was asked for, but the binaries are ${running} (Go builds ${await kubernetesVersion(minorOf(wanted))}; KUBEBUILDER_ASSETS may hold another)`, {
    reason: "ControlPlaneVersionMismatch",
    code: Code.FailedPrecondition,
    retry: "never",
  });
}

async function emptyFolder(dir: string): Promise<string> {
  const absolute = path.resolve(dir);
  const created = await mkdir(absolute, { recursive: true, mode: 0o700 });
  if (created === undefined && (await readdir(absolute)).length > 0) {
    throw new AppError(`${absolute} is not empty; stopping a control plane removes its folder, so it must have one of its own`, { reason: "ControlPlaneFolderInUse", code: Code.FailedPrecondition, retry: "never" });
  }
  return absolute;
}

