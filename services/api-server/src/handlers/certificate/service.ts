import { createHash, X509Certificate } from "node:crypto";
import { globMatch } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { invalid } from "../../errors.ts";
import { changeData } from "../../state/write-secret.ts";
import { check, unary, type Rpc } from "../rpc.ts";

const SSH_MAP = "argocd-ssh-known-hosts-cm";
const TLS_MAP = "argocd-tls-certs-cm";
const TLS_NAME = /^[A-Za-z0-9.:[\]-]+$/;
/** With patterns and hashed names, as known_hosts has them. */
const SSH_NAME = /^[A-Za-z0-9.:[\]*?!|+/=_-]+$/;

interface Certificate {
  serverName: string;
  certType: "ssh" | "https";
  certSubType: string;
  certData?: string;
  certInfo: string;
}

/** Keys and certificates are told by what they are, not by their data. */
const shown = (certificates: readonly Certificate[]): Omit<Certificate, "certData">[] => certificates.map(({ certData: _, ...rest }) => rest);
/** As `linesWithout` takes it. */
const hostAndType = (host: string, type: string): string => `${host} ${type}`;

const list = unary(check("certificates", "get"), async (request, { ctx }) => ({ metadata: {}, items: shown(selected(request, ctx)) }));

/**
 * Adds server certificates (PEM) and SSH host keys: all of them, or none where one cannot be taken. What is there stays,
 * unless `upsert` replaces it. Refusals as Argo CD's `CreateRepoCertificate`.
 */
const create = unary(check("certificates", "create"), async (request, { ctx, signal }) => {
  const items: CertificateToAdd[] = request.certificates?.items ?? [];
  const there = everything(ctx);
  const added = items.map((item) => readItem(item, ctx, there, request.upsert === true));
  const tls = added.filter(({ type }) => type === "https");
  const ssh = added.filter(({ type }) => type === "ssh");
  if (tls.length > 0) await change(ctx, TLS_MAP, signal, (old) => ({ ...old, ...Object.fromEntries(tls.map(({ name, text }) => [name, text])) }));
  if (ssh.length > 0) await change(ctx, SSH_MAP, signal, (old) => ({ ...old, ssh_known_hosts: `${[...linesWithout(ssh.map(({ name, subType }) => hostAndType(name, subType)), old), ...ssh.map(({ text }) => text)].join("\n")}\n` }));
  return { metadata: {}, items: shown(added.flatMap(({ certificates }) => certificates)) };
});

interface CertificateToAdd {
  serverName?: string;
  certType?: string;
  certSubType?: string;
  /** Base64. */
  certData?: string;
}

/** One certificate or host key as it is written. Throws InvalidArgument with its server. @param there everything that is trusted now. */
function readItem(item: CertificateToAdd, ctx: Context, there: readonly Certificate[], upsert: boolean): { type: "https" | "ssh"; name: string; subType: string; text: string; certificates: Certificate[] } {
  const { serverName: name = "", certType: type, certSubType: subType = "" } = item;
  const data = Buffer.from(item.certData ?? "", "base64").toString();
  if (type !== "https" && type !== "ssh") throw invalid(`certificate type ${JSON.stringify(type ?? "")} is neither https nor ssh`);
  if (!(type === "https" ? TLS_NAME : SSH_NAME).test(name)) throw invalid(`${JSON.stringify(name)} is not a valid server name`);
  if (type === "https") {
    const present = ctx.settings.configMap(TLS_MAP)?.data?.[name];
    if (present !== undefined && !upsert && present.trim() !== data.trim()) throw invalid(`TLS certificate for server '${name}' already exists, and upsert was not specified.`);
    return { type, name, subType, text: data, certificates: certificatesIn(name, data, true) };
  }
  const key = data.trim().replace(`${subType} `, "").split(/\s+/)[0] ?? "";
  if (!isHostKey(subType, key)) throw invalid(`${JSON.stringify(`${subType} ${key}`)} is not a public key of the server '${name}'`);
  const present = there.find((one) => one.certType === "ssh" && one.serverName === name && one.certSubType === subType);
  if (present !== undefined && !upsert && present.certData !== key) throw invalid(`key for '${name}' (subtype: '${subType}') already exists and upsert was not specified`);
  const text = `${name} ${subType} ${key}`;
  return { type, name, subType, text, certificates: hostKeys(text) };
}

/** A key's data begins with the length and the name of its type (RFC 4253, 6.6). */
function isHostKey(type: string, key: string): boolean {
  const data = Buffer.from(key, "base64");
  return type !== "" && data.length > 4 + type.length && data.readUInt32BE(0) === type.length && data.subarray(4, 4 + type.length).toString() === type;
}

const remove = unary(check("certificates", "delete"), async (request, { ctx, signal }) => {
  const gone = selected(request, ctx);
  const servers = new Set(gone.filter((one) => one.certType === "https").map((one) => one.serverName));
  const keys = gone.filter((one) => one.certType === "ssh").map((one) => hostAndType(one.serverName, one.certSubType));
  if (servers.size > 0) await change(ctx, TLS_MAP, signal, (old) => Object.fromEntries(Object.entries(old).filter(([name]) => !servers.has(name))));
  if (keys.length > 0) await change(ctx, SSH_MAP, signal, (old) => ({ ...old, ssh_known_hosts: linesWithout(keys, old).map((line) => `${line}\n`).join("") }));
  return { metadata: {}, items: shown(gone) };
});

/** The lines of known_hosts without some hosts' keys, each `HOST TYPE`; what else a line stands for stays. */
function linesWithout(keys: readonly string[], { ssh_known_hosts: text = "" }: Record<string, string>): string[] {
  return text.split("\n").flatMap((line) => {
    const [, hosts = "", type = "", rest = ""] = /^\s*([^\s#]\S*)\s+(\S+)(\s.*)?$/.exec(line) ?? [];
    if (hosts === "") return line.trim() === "" ? [] : [line];
    const names = hosts.split(",");
    const left = names.filter((name) => !keys.includes(hostAndType(name, type)));
    return left.length === names.length ? [line] : left.length === 0 ? [] : [`${left.join(",")} ${type}${rest}`];
  });
}

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
