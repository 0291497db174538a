import path from "node:path";
import type { Pki } from "./pki.ts";

/** What `kubernetes.default.svc` resolves to where a cluster has DNS; the first address of the range below. */
export const SERVICE_ADDRESS = "10.96.0.1";
const SERVICE_RANGE = "10.96.0.0/16";

export interface Ports {
  etcd: number;
  etcdPeer: number;
  apiServer: number;
}

/** etcd with real fsync, a single member, reachable with a certificate of ours only. */
export function etcdArguments(dir: string, ports: Ports, pki: Pki): string[] {
  const client = `https://127.0.0.1:${ports.etcd}`;
  const peer = `https://127.0.0.1:${ports.etcdPeer}`;
  return flags({
    name: "control-plane",
    "data-dir": path.join(dir, "etcd"),
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `control-plane=${peer}`,
    "cert-file": pki.etcd.certificate,
    "key-file": pki.etcd.key,
    "trusted-ca-file": pki.ca.certificate,
    "client-cert-auth": "true",
    "peer-cert-file": pki.etcd.certificate,
    "peer-key-file": pki.etcd.key,
    "peer-trusted-ca-file": pki.ca.certificate,
    "peer-client-cert-auth": "true",
    "quota-backend-bytes": String(8 * 1024 ** 3),
    "log-level": "warn",
  });
}

/** Admission and feature gates stay at their defaults: the judge must not be kinder than a real cluster. */
export function apiServerArguments(ports: Ports, pki: Pki): string[] {
  return flags({
    "etcd-servers": `https://127.0.0.1:${ports.etcd}`,
    "etcd-cafile": pki.ca.certificate,
    "etcd-certfile": pki.etcdClient.certificate,
    "etcd-keyfile": pki.etcdClient.key,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    // Endpoints may not name a loopback address; nothing here reaches the API server through its Service.
    "endpoint-reconciler-type": "none",
    "secure-port": String(ports.apiServer),
    "tls-cert-file": pki.apiServer.certificate,
    "tls-private-key-file": pki.apiServer.key,
    "client-ca-file": pki.ca.certificate,
    "kubelet-client-certificate": pki.kubeletClient.certificate,
    "kubelet-client-key": pki.kubeletClient.key,
    "kubelet-preferred-address-types": "InternalIP",
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "service-account-key-file": pki.serviceAccount.publicKey,
    "service-account-signing-key-file": pki.serviceAccount.privateKey,
    "service-cluster-ip-range": SERVICE_RANGE,
    "authorization-mode": "Node,RBAC",
    "allow-privileged": "true",
    profiling: "false",
  });
}

/** All default controllers, each with its own service account as in a real installation. */
export function controllerManagerArguments(kubeconfig: string, pki: Pki): string[] {
  return flags({
    kubeconfig,
    // Nobody asks it anything, so it opens no port.
    "secure-port": "0",
    // One replica: a lease would only delay its start.
    "leader-elect": "false",
    "root-ca-file": pki.ca.certificate,
    "cluster-signing-cert-file": pki.ca.certificate,
    "cluster-signing-key-file": pki.ca.key,
    "service-account-private-key-file": pki.serviceAccount.privateKey,
    "use-service-account-credentials": "true",
    // The defaults (20, 30) would make the tests wait for it rather than for what they test.
    "kube-api-qps": "200",
    "kube-api-burst": "400",
  });
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
