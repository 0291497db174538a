import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createAuthority, issue, needsRenewal, renewalTime, type KeyPair, type TlsFiles } from "@trireme/rpc";
import { asAppError, generateKeysText, writeFileAtomically, type Clock, type Logger } from "@trireme/runtime";
import { encodeBase64, secretData, type DataObject } from "@trireme/settings";
import type { ControlPlane } from "../state/control-plane.ts";
import { changeData } from "../state/write-secret.ts";

/** Keys that seal and redact, `keys.json`; mounted into the other services. */
export const KEYS_SECRET = "trireme-keys";
/** The authority that signs the services' certificates; mounted nowhere. */
export const AUTHORITY_SECRET = "trireme-tls-authority";

const SERVICES = ["api-server", "repo-server", "application-controller"] as const;
type ServiceName = (typeof SERVICES)[number];

export interface InternalTrust extends AsyncDisposable {
  /** This service's own certificate, in files that are kept up to date. */
  tls: TlsFiles;
}

type Options = { clock: Clock; log: Logger; signal: AbortSignal };

/**
 * Makes what the services trust each other by, once: the keys, an authority, and one Secret with a certificate for
 * each service. Secrets that are there already are used as they are; certificates of our own authority are renewed
 * at two thirds of their life. Several replicas may do this at the same time.
 */
export async function startInternalTrust(plane: ControlPlane, options: Options): Promise<InternalTrust> {
  await once(plane, KEYS_SECRET, options, () => ({ "keys.json": generateKeysText() }));
  const folder = await mkdtemp(path.join(os.tmpdir(), "trireme-tls-"));
  const tls: TlsFiles = { cert: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key"), ca: path.join(folder, "ca.crt") };
  await ensureCertificates(plane, options);
  await writeOwn(plane, tls);

  // A certificate may be renewed by another replica, or replaced by hand.
  const stopFollowing = plane.secrets.on((event) => {
    if (event.type !== "deleted" && event.object.metadata.name === secretOf("api-server")) writeOwn(plane, tls).catch((error: unknown) => options.log.error({ error: asAppError(error).message }, "own certificate not written"));
  });
  let cancel = planRenewal();
  function planRenewal(): () => void {
    return options.clock.at(nextRenewal(plane, options.clock), () => {
      ensureCertificates(plane, { ...options, signal: AbortSignal.timeout(RENEWAL_MS) })
        .catch((error: unknown) => options.log.error({ error: asAppError(error).message }, "certificates not renewed"))
        .finally(() => (cancel = planRenewal()));
    });
  }
  return {
    tls,
    async [Symbol.asyncDispose]() {
      cancel();
      stopFollowing();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const RENEWAL_MS = 60_000;
/** Never sooner: a certificate that cannot be renewed must not become a loop. */
const SHORTEST_PAUSE_MS = 10 * 60_000;
/** Never later: somebody may have replaced a certificate by one that ends earlier. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;

function nextRenewal(plane: ControlPlane, clock: Clock): number {
  const due = SERVICES.map((service) => secretData(plane.secrets.get(plane.namespace, secretOf(service)))["tls.crt"])
    .filter((certificate) => certificate !== undefined)
    .map((certificate) => renewalTime(certificate).getTime());
  return Math.min(Math.max(Math.min(...due), clock.now() + SHORTEST_PAUSE_MS), clock.now() + LONGEST_PAUSE_MS);
}

async function ensureCertificates(plane: ControlPlane, options: Options): Promise<void> {
  const now = new Date(options.clock.now());
  const fresh = await createAuthority({ now });
  const authority = pairOf(await once(plane, AUTHORITY_SECRET, options, () => ({ "tls.crt": fresh.cert, "tls.key": fresh.key })));
  await Promise.all(SERVICES.map((service) => ensureCertificate(plane, service, authority, options)));
}

async function ensureCertificate(plane: ControlPlane, service: ServiceName, authority: KeyPair, options: Options): Promise<void> {
  const now = new Date(options.clock.now());
  const issued = await issue(authority, { name: service, now });
  let renewed = false;
  await changeData({
    ...target(plane, secretOf(service), options),
    change(data) {
      const current = decoded(data);
      const complete = current["tls.crt"] !== undefined && current["tls.key"] !== undefined && current["ca.crt"] !== undefined;
      // Another authority's certificate is somebody else's to renew.
      renewed = !complete || (current["ca.crt"] === authority.cert && needsRenewal(current["tls.crt"]!, now));
      return renewed ? { ...data, ...encoded({ "tls.crt": issued.cert, "tls.key": issued.key, "ca.crt": issued.ca }) } : undefined;
    },
  });
  if (renewed) options.log.info({ secret: `${plane.namespace}/${secretOf(service)}` }, "issued a certificate");
}

/** Creates a Secret where it, or its content, is missing; returns what is there in the end. */
async function once(plane: ControlPlane, name: string, options: Options, make: () => Record<string, string>): Promise<Record<string, string>> {
  const made = make();
  const found = await changeData({ ...target(plane, name, options), change: (data) => (Object.keys(made).every((key) => data[key]) ? undefined : { ...data, ...encoded(made) }) });
  return decoded(found?.data ?? {});
}

function target(plane: ControlPlane, name: string, options: Options) {
  return { client: plane.client, cache: plane.secrets, kind: "Secret" as const, namespace: plane.namespace, name, labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "trireme" }, signal: options.signal };
}

async function writeOwn(plane: ControlPlane, files: TlsFiles): Promise<void> {
  const data = secretData(plane.secrets.get(plane.namespace, secretOf("api-server")));
  const { "tls.crt": cert, "tls.key": key, "ca.crt": ca } = data;
  if (cert === undefined || key === undefined || ca === undefined) return;
  await Promise.all([writeFileAtomically(files.cert, cert), writeFileAtomically(files.key, key), writeFileAtomically(files.ca, ca)]);
}

function secretOf(service: ServiceName): string {
  return `trireme-tls-${service}`;
}

function pairOf(data: Record<string, string>): KeyPair {
  return { cert: data["tls.crt"]!, key: data["tls.key"]! };
}

function decoded(data: Record<string, string>): Record<string, string> {
  return secretData({ data } as DataObject);
}

function encoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)]));
}
