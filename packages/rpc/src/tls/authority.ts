import { randomBytes, webcrypto, X509Certificate as ParsedCertificate } from "node:crypto";
import type { JsonGeneralName } from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 24 * 3600 * 1000;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

const x509 = () => import("./x509.ts");

/** PEM texts, as they stand in `tls.crt`, `tls.key` and `ca.crt`. */
export interface KeyPair {
  cert: string;
  key: string;
}
export interface IssuedKeyPair extends KeyPair {
  ca: string;
}

/** A certificate authority for the services among themselves. */
export async function createAuthority({ now, days = 3650 }: { now: Date; days?: number }): Promise<KeyPair> {
  const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } = await x509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const cert = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=trireme internal authority",
    notBefore: shortlyBefore(now),
    notAfter: new Date(now.getTime() + days * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)],
  });
  return { cert: cert.toString("pem"), key: await privateKeyPem(keys.privateKey) };
}

/**
 * A certificate that serves and calls in the name of one service. Peers verify `serviceName(name)`,
 * never the address, so it holds under any Service, Pod IP or port.
 */
export async function issue(authority: KeyPair, { name, now, days = 90, names = [] }: { name: string; now: Date; days?: number; names?: readonly string[] }): Promise<IssuedKeyPair> {
  const { BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator } = await x509();
  const issuer = new X509Certificate(authority.cert);
  const signingKey = await importPrivateKey(authority.key);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const alternatives: JsonGeneralName[] = [serviceName(name), ...names].map((value) => ({ type: isAddress(value) ? "ip" : "dns", value }));
  const cert = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${name}`,
    issuer: issuer.subject,
    notBefore: shortlyBefore(now),
    notAfter: new Date(now.getTime() + days * DAY_MS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([SERVER_AUTH, CLIENT_AUTH]),
      new SubjectAlternativeNameExtension(alternatives),
    ],
  });
  return { cert: cert.toString("pem"), key: await privateKeyPem(keys.privateKey), ca: authority.cert };
}

/** True from two thirds of a certificate's life on. */
export function needsRenewal(certificate: string, now: Date): boolean {
  return now.getTime() >= renewalTime(certificate).getTime();
}

export function renewalTime(certificate: string): Date {
  const { validFromDate, validToDate } = new ParsedCertificate(certificate);
  return new Date(validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3);
}

/** The DNS name under which every replica of a service is verified. */
export function serviceName(name: string): string {
  return `${name}.trireme.internal`;
}

/** Clocks of nodes differ by a little. */
function shortlyBefore(now: Date): Date {
  return new Date(now.getTime() - 5 * 60 * 1000);
}

function serial(): string {
  return `01${randomBytes(15).toString("hex")}`;
}

function isAddress(value: string): boolean {
  return /^[\d.]+$/.test(value) || value.includes(":");
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}
