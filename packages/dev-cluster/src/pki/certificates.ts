import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIPv4 } from "node:net";
import { bits, identifier, integer, numbered, octets, sequence, set, time, utf8, yes } from "./der.ts";

const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

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

const AUTHORITY: Subject = { CN: "trireme-dev-cluster-ca" };
const SERVER_NAMES = ["127.0.0.1", "10.96.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

/** Fresh keys and certificates for a server on loopback. */
export function createClusterKeys(now: number): ClusterKeys {
  const authority = newKeys();
  const issue = (subject: Subject, extensions: readonly Buffer[]): Pem => {
    const keys = newKeys();
    return { cert: certificate({ subject, issuer: AUTHORITY, keys, signer: authority.privateKey, now, extensions: [DIGITAL_SIGNATURE, ...extensions] }), key: pem(keys.privateKey) };
  };
  return {
    ca: { cert: certificate({ subject: AUTHORITY, issuer: AUTHORITY, keys: authority, signer: authority.privateKey, now, extensions: [IS_AUTHORITY, SIGNS_CERTIFICATES] }), key: pem(authority.privateKey) },
    server: issue({ CN: "kube-apiserver" }, [SERVES, alternativeNames(SERVER_NAMES)]),
    admin: issue({ O: "system:masters", CN: "kubernetes-admin" }, [ASKS]),
    tokenKey: pem(newKeys().privateKey),
    adminToken: randomBytes(32).toString("base64url"),
  };
}

interface Subject {
  O?: string;
  CN: string;
}

interface Keys {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const NAMES = { O: "2.5.4.10", CN: "2.5.4.3" } as const;
const ECDSA_WITH_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"));

/** An X.509 certificate of version 3 (RFC 5280), signed with ECDSA, as PEM. */
function certificate(parts: { subject: Subject; issuer: Subject; keys: Keys; signer: KeyObject; now: number; extensions: readonly Buffer[] }): string {
  const { subject, issuer, keys, signer, now, extensions } = parts;
  const version3 = numbered(0, true, integer(Buffer.from([2])));
  const validity = sequence(time(new Date(now - 3600_000)), time(new Date(now + TEN_YEARS_MS)));
  const publicKey = keys.publicKey.export({ type: "spki", format: "der" });
  const content = sequence(version3, integer(serial()), ECDSA_WITH_SHA256, nameOf(issuer), validity, nameOf(subject), publicKey, numbered(3, true, sequence(...extensions)));
  const signed = sequence(content, ECDSA_WITH_SHA256, bits(sign("sha256", content, signer)));
  return `-----BEGIN CERTIFICATE-----\n${signed.toString("base64").replaceAll(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

function nameOf(subject: Subject): Buffer {
  return sequence(...(["O", "CN"] as const).flatMap((field) => (subject[field] === undefined ? [] : [set(sequence(identifier(NAMES[field]), utf8(subject[field])))])));
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer => sequence(identifier(id), ...(critical ? [yes()] : []), octets(value));

const IS_AUTHORITY = extension("2.5.29.19", true, sequence(yes()));
const SIGNS_CERTIFICATES = extension("2.5.29.15", true, bits(Buffer.from([0x84]), 2));
const DIGITAL_SIGNATURE = extension("2.5.29.15", true, bits(Buffer.from([0x80]), 7));
const SERVES = extension("2.5.29.37", false, sequence(identifier("1.3.6.1.5.5.7.3.1")));
const ASKS = extension("2.5.29.37", false, sequence(identifier("1.3.6.1.5.5.7.3.2")));

function alternativeNames(names: readonly string[]): Buffer {
  return extension("2.5.29.17", false, sequence(...names.map((name) => (isIPv4(name) ? numbered(7, false, Buffer.from(name.split(".").map(Number))) : numbered(2, false, Buffer.from(name))))));
}

function newKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function pem(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** A positive serial number of 16 bytes. */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes;
}
