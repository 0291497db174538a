import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { BasicConstraintsExtension, cryptoProvider, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509CertificateGenerator, type X509Certificate } from "@peculiar/x509";

cryptoProvider.set(webcrypto as never);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
const LIFETIME_MS = 365 * DAY_MS;

export interface KeyAndCertificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

export interface CertificateAuthority extends KeyAndCertificate {
  issueServer(commonName: string, addresses: { dns: readonly string[]; ip: readonly string[] }): Promise<KeyAndCertificate>;
  /** Kubernetes reads the user from the common name and the groups from the organizations. */
  issueClient(user: string, groups?: readonly string[]): Promise<KeyAndCertificate>;
}

/** A self-signed authority that lives as long as one control plane. */
export async function newCertificateAuthority(commonName: string): Promise<CertificateAuthority> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [new BasicConstraintsExtension(true, undefined, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true)],
  });
  const authority = { certificate, keys };
  return {
    certificate: pem(certificate),
    key: await privatePem(keys),
    issueServer: (name, addresses) =>
      issue(authority, [{ CN: [name] }], [
        // etcd's own gateway dials its server with the server's certificate, hence both usages.
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension([...addresses.dns.map((value) => ({ type: "dns" as const, value })), ...addresses.ip.map((value) => ({ type: "ip" as const, value }))]),
      ]),
    issueClient: (user, groups = []) => issue(authority, [...groups.map((group) => ({ O: [group] })), { CN: [user] }], [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]),
  };
}

/** What service account tokens are signed and checked with. */
export async function newSigningKeys(): Promise<{ publicKey: string; privateKey: string }> {
  const keys = await newKeys();
  return { publicKey: toPem("PUBLIC KEY", await webcrypto.subtle.exportKey("spki", keys.publicKey)), privateKey: await privatePem(keys) };
}

type Extensions = NonNullable<Parameters<typeof X509CertificateGenerator.create>[0]["extensions"]>;

async function issue(authority: { certificate: X509Certificate; keys: webcrypto.CryptoKeyPair }, subject: Record<string, string[]>[], extensions: Extensions): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), ...extensions],
  });
  return { certificate: pem(certificate), key: await privatePem(keys) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function serialNumber(): string {
  // The first digit keeps the number positive and free of a leading zero.
  return `1${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}0`;
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + LIFETIME_MS) };
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function privatePem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return toPem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
}

function toPem(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
