import { createPrivateKey, generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

export interface Pem {
  cert: string;
  key: string;
}

/** Everything a cluster is known by: its authority, its server, its administrator, and the key of its tokens. */
export interface ClusterKeys {
  ca: Pem;
  server: Pem;
  admin: Pem;
  /** EC key (PKCS #8) that signs ServiceAccount tokens. */
  tokenKey: string;
  /** Bearer token of the administrator. */
  adminToken: string;
}

/** Fresh keys and certificates for a server on loopback. */
export async function createClusterKeys(now: number): Promise<ClusterKeys> {
  x509.cryptoProvider.set(webcrypto as never);
  const notBefore = new Date(now - 3600_000);
  const notAfter = new Date(now + YEARS_MS);
  const caKeys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=trireme-dev-cluster-ca",
    notBefore,
    notAfter,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true)],
  });
  const issue = async (subject: string, extensions: x509.Extension[]): Promise<Pem> => {
    const keys = await newKeys();
    const cert = await x509.X509CertificateGenerator.create({ serialNumber: serial(), subject, issuer: ca.subject, notBefore, notAfter, publicKey: keys.publicKey, signingKey: caKeys.privateKey, signingAlgorithm: ALGORITHM, extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...extensions] });
    return { cert: `${cert.toString("pem")}\n`, key: await pem(keys.privateKey) };
  };
  const [server, admin] = await Promise.all([
    issue("CN=kube-apiserver", [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "10.96.0.1" },
        ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"].map((value) => ({ type: "dns" as const, value })),
      ]),
    ]),
    issue("O=system:masters, CN=kubernetes-admin", [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
  ]);
  const tokens = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    ca: { cert: `${ca.toString("pem")}\n`, key: await pem(caKeys.privateKey) },
    server,
    admin,
    tokenKey: String(tokens.privateKey.export({ type: "pkcs8", format: "pem" })),
    adminToken: randomBytes(32).toString("base64url"),
  };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return String(createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ type: "pkcs8", format: "pem" }));
}

/** A positive serial number of 16 bytes. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes.toString("hex");
}
