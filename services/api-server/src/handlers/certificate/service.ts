import { createHash, X509Certificate } from "node:crypto";
import { globMatch } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { invalid } from "../../errors.ts";
import { changeData } from "../../state/write-secret.ts";
import { check, unary, type Rpc } from "../rpc.ts";

const SSH_MAP = "argocd-ssh-known-hosts-cm";
const TLS_MAP = "argocd-tls-certs-cm";

interface Certificate {
  serverName: string;
  certType: "ssh" | "https";
  certSubType: string;
  certData?: string;
  certInfo: string;
}

const list = unary(check("certificates", "get"), async (request, { ctx }) => ({ metadata: {}, items: selected(request, ctx).map(({ certData: _data, ...shown }) => shown) }));

/** Adds server certificates (PEM) and SSH host keys. What is there stays, unless `upsert` replaces it. */
const create = unary(check("certificates", "create"), async (request, { ctx, signal }) => {
  const items: { serverName?: string; certType?: string; certSubType?: string; certData?: string }[] = request.certificates?.items ?? [];
  const added: Certificate[] = [];
  const known = everything(ctx);
  for (const item of items) {
    const name = item.serverName ?? "";
    const data = Buffer.from(item.certData ?? "", "base64").toString();
    if (name === "" || !/^[A-Za-z0-9.:[\]-]+$/.test(name)) throw invalid(`${JSON.stringify(name)} is not a valid server name`);
    if (item.certType === "https") {
      const present = known.find((one) => one.certType === "https" && one.serverName === name);
      if (present !== undefined && request.upsert !== true && ctx.settings.configMap(TLS_MAP)?.data?.[name]?.trim() !== data.trim()) throw invalid(`TLS certificate for server '${name}' already exists, and upsert was not specified.`);
      added.push(...certificatesIn(name, data, true));
      await change(ctx, TLS_MAP, signal, (old) => ({ ...old, [name]: data }));
    } else if (item.certType === "ssh") {
      const line = `${name} ${item.certSubType ?? ""} ${data.trim()}`.replace(/^\S+ (\S+) (?:\1) /, `${name} $1 `);
      added.push(...hostKeys(line));
      await change(ctx, SSH_MAP, signal, (old) => {
        const lines = (old["ssh_known_hosts"] ?? "").split("\n").filter((text) => text.trim() !== "" && !text.startsWith(`${name} ${item.certSubType} `));
        return { ...old, ssh_known_hosts: `${[...lines, line].join("\n")}\n` };
      });
    } else throw invalid(`certificate type ${JSON.stringify(item.certType ?? "")} is neither https nor ssh`);
  }
  return { metadata: {}, items: added.map(({ certData: _data, ...shown }) => shown) };
});

const remove = unary(check("certificates", "delete"), async (request, { ctx, signal }) => {
  const gone = selected(request, ctx);
  const servers = new Set(gone.filter((one) => one.certType === "https").map((one) => one.serverName));
  const keys = new Set(gone.filter((one) => one.certType === "ssh").map((one) => `${one.serverName} ${one.certSubType} `));
  if (servers.size > 0) await change(ctx, TLS_MAP, signal, (old) => Object.fromEntries(Object.entries(old).filter(([name]) => !servers.has(name))));
  if (keys.size > 0) await change(ctx, SSH_MAP, signal, (old) => ({ ...old, ssh_known_hosts: (old["ssh_known_hosts"] ?? "").split("\n").filter((line) => ![...keys].some((key) => line.startsWith(key))).join("\n") }));
  return { metadata: {}, items: gone.map(({ certData: _data, ...shown }) => shown) };
});

function selected(request: { hostNamePattern?: string; certType?: string; certSubType?: string }, ctx: Context): Certificate[] {
  const fits = (wanted: string | undefined, value: string) => !wanted || wanted === "*" || wanted === value;
  return everything(ctx).filter((one) => (!request.hostNamePattern || globMatch(request.hostNamePattern, one.serverName)) && fits(request.certType, one.certType) && fits(request.certSubType, one.certSubType));
}

function everything(ctx: Context): Certificate[] {
  const ssh = (ctx.settings.configMap(SSH_MAP)?.data?.["ssh_known_hosts"] ?? "").split("\n").flatMap(hostKeys);
  const tls = Object.entries(ctx.settings.configMap(TLS_MAP)?.data ?? {}).flatMap(([name, pem]) => certificatesIn(name, pem, false));
  return [...ssh, ...tls].sort((a, b) => (a.serverName + a.certType + a.certSubType < b.serverName + b.certType + b.certSubType ? -1 : 1));
}

function hostKeys(line: string): Certificate[] {
  const [hosts, type, key] = line.trim().split(/\s+/);
  if (hosts === undefined || type === undefined || key === undefined || hosts.startsWith("#")) return [];
  const certInfo = `SHA256:${createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "")}`;
  return hosts.split(",").map((serverName) => ({ serverName, certType: "ssh", certSubType: type, certData: key, certInfo }));
}

function certificatesIn(serverName: string, pem: string, strict: boolean): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (strict && blocks.length === 0) throw invalid(`no valid certificate in the data for server ${serverName}`);
  return blocks.flatMap((block): Certificate[] => {
    try {
      const certificate = new X509Certificate(block);
      return [{ serverName, certType: "https", certSubType: certificate.publicKey.asymmetricKeyType ?? "", certInfo: certificate.subject.split("\n").reverse().join(",") }];
    } catch {
      if (strict) throw invalid(`the certificate for server ${serverName} cannot be read`);
      return [];
    }
  });
}

async function change(ctx: Context, name: string, signal: AbortSignal, how: (old: Record<string, string>) => Record<string, string>): Promise<void> {
  await changeData({ client: ctx.kube, cache: ctx.plane.configMaps, kind: "ConfigMap", namespace: ctx.namespace, name, signal, change: how });
}

export const certificateService: Record<string, Rpc> = { ListCertificates: list, CreateCertificate: create, DeleteCertificate: remove };
