import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { newCertificateAuthority, newSigningKeys, type CertificateAuthority, type KeyAndCertificate } from "./certificates.ts";

/** Paths of PEM files. */
export interface KeyFiles {
  certificate: string;
  key: string;
}

export interface Pki {
  authority: CertificateAuthority;
  ca: KeyFiles;
  etcd: KeyFiles;
  apiServer: KeyFiles;
  /** With which the API server calls etcd. */
  etcdClient: KeyFiles;
  /** With which the API server calls kubelets; the authority signs it, so a kubelet may ask for it. */
  kubeletClient: KeyFiles;
  serviceAccount: { publicKey: string; privateKey: string };
  admin: KeyAndCertificate;
  controllerManager: KeyAndCertificate;
}

/** Everything that one control plane signs with, written below `dir`, readable by its owner only. */
export async function createPki(dir: string, serviceAddress: string): Promise<Pki> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const authority = await newCertificateAuthority("trireme-control-plane");
  const local = { dns: ["localhost"], ip: ["127.0.0.1"] };
  const names = { dns: [...local.dns, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"], ip: [...local.ip, serviceAddress] };
  const [etcd, apiServer, etcdClient, kubeletClient, admin, controllerManager, signing] = await Promise.all([
    authority.issueServer("etcd", local),
    authority.issueServer("kube-apiserver", names),
    authority.issueClient("kube-apiserver-etcd-client"),
    authority.issueClient("kube-apiserver-kubelet-client", ["system:masters"]),
    authority.issueClient("kubernetes-admin", ["system:masters"]),
    authority.issueClient("system:kube-controller-manager"),
    newSigningKeys(),
  ]);

  const file = async (name: string, content: string): Promise<string> => {
    const target = path.join(dir, name);
    await writeFile(target, content, { mode: 0o600 });
    return target;
  };
  const pair = async (name: string, value: KeyAndCertificate): Promise<KeyFiles> => ({ certificate: await file(`${name}.crt`, value.certificate), key: await file(`${name}.key`, value.key) });
  return {
    authority,
    ca: await pair("ca", authority),
    etcd: await pair("etcd", etcd),
    apiServer: await pair("apiserver", apiServer),
    etcdClient: await pair("etcd-client", etcdClient),
    kubeletClient: await pair("kubelet-client", kubeletClient),
    serviceAccount: { publicKey: await file("sa.pub", signing.publicKey), privateKey: await file("sa.key", signing.privateKey) },
    admin,
    controllerManager,
  };
}
