import type { RepositoryAccess } from "../access.ts";
import { protocolError } from "../errors.ts";
import type { Ref, RefSnapshot } from "../refs.ts";
import { type HttpAnswer, type HttpPool, limited } from "./http.ts";
import { DELIM, FLUSH, packet, type Packet, PacketReader, textOf } from "./pkt-line.ts";

/** What a server can do, learnt once: version 2 where it speaks it, the older protocol else. */
export interface Capabilities {
  version: 0 | 2;
  /** The repository's address after redirects, without a trailing slash. */
  base: string;
  /** `name` or `name=value`, as sent. */
  list: readonly string[];
}

const MAX_REFS_BYTES = 128 * 1024 * 1024;
const SERVICE = "git-upload-pack";

export function offers(capabilities: Capabilities, name: string): boolean {
  return capabilities.list.some((item) => item === name || item.startsWith(`${name}=`));
}

/** True where `command=fetch` lists the feature (`fetch=shallow filter`). */
export function fetchOffers(capabilities: Capabilities, feature: string): boolean {
  const fetch = capabilities.list.find((item) => item.startsWith("fetch="));
  return fetch !== undefined && fetch.slice(6).split(" ").includes(feature);
}

/**
 * The first question to a server. An old server answers it with its refs at once; the new protocol
 * answers with what it can do, which holds for the next questions too.
 */
export async function discover(pool: HttpPool, access: RepositoryAccess, now: number, signal: AbortSignal): Promise<{ capabilities: Capabilities; refs?: RefSnapshot }> {
  const base = trimmed(access.url);
  const answer = await pool.get(access, `${base}/info/refs?service=${SERVICE}`, { "git-protocol": "version=2" }, signal);
  if (!answer.contentType.startsWith(`application/x-${SERVICE}-advertisement`)) {
    const reader = limited(answer.body, 64 * 1024, base, "answer");
    for await (const _ of reader) break;
    throw protocolError(base, `is not a Git repository over smart HTTP (it answers with content type ${JSON.stringify(answer.contentType)})`);
  }
  const reader = new PacketReader(limited(answer.body, MAX_REFS_BYTES, base, "list of refs"));
  const home = answer.url.replace(/\/info\/refs\?.*$/, "");
  let first = await nextLine(reader, base);
  if (typeof first !== "string" && first === undefined) throw protocolError(base, "sent no refs");
  if (first.startsWith("# service=")) {
    if ((await reader.next()) !== "flush") throw protocolError(base, "sent no flush after the service's name");
    first = await nextLine(reader, base);
  }
  if (first === "version 2") {
    const list: string[] = [];
    for (let line = await reader.next(); line !== "flush" && line !== "end"; line = await reader.next()) if (Buffer.isBuffer(line)) list.push(textOf(line));
    return { capabilities: { version: 2, base: home, list } };
  }
  return readOldAdvertisement(reader, first, home, now);
}

async function readOldAdvertisement(reader: PacketReader, first: string, base: string, now: number): Promise<{ capabilities: Capabilities; refs: RefSnapshot }> {
  const [head = "", capabilityText = ""] = first.split("\0");
  const list = capabilityText.trim().split(" ").filter((item) => item !== "");
  const refs = new Map<string, Ref>();
  const take = (line: string): void => {
    const oid = line.slice(0, 40);
    const name = line.slice(41);
    if (name === "capabilities^{}" || line.startsWith("shallow ")) return;
    if (!/^[0-9a-f]{40}$/.test(oid)) throw protocolError(base, `sent ${JSON.stringify(line.slice(0, 80))} where a ref belongs`);
    if (name.endsWith("^{}")) {
      const ref = refs.get(name.slice(0, -3));
      if (ref !== undefined) ref.peeled = oid;
    } else refs.set(name, { name, oid });
  };
  take(head);
  for (let line = await reader.next(); line !== "flush" && line !== "end"; line = await reader.next()) if (Buffer.isBuffer(line)) take(textOf(line));
  const symref = list.find((item) => item.startsWith("symref=HEAD:"))?.slice("symref=HEAD:".length);
  return { capabilities: { version: 0, base, list }, refs: { refs: [...refs.values()], ...(symref === undefined ? {} : { head: symref }), askedAt: now } };
}

/** Asks a version 2 server for the refs under the prefixes. One request. */
export async function listRefs(pool: HttpPool, access: RepositoryAccess, capabilities: Capabilities, prefixes: readonly string[], now: number, signal: AbortSignal): Promise<RefSnapshot> {
  const body = Buffer.concat([packet("command=ls-refs\n"), packet("agent=trireme\n"), packet("object-format=sha1\n"), DELIM, packet("peel\n"), packet("symrefs\n"), ...prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)), FLUSH]);
  const reader = new PacketReader(limited((await uploadPack(pool, access, capabilities, body, signal)).body, MAX_REFS_BYTES, access.url, "list of refs"));
  const refs: Ref[] = [];
  let head: string | undefined;
  for (;;) {
    const line: Packet = await reader.next();
    if (line === "flush") break;
    if (!Buffer.isBuffer(line)) throw protocolError(access.url, "ended its list of refs early");
    const [oid = "", name = "", ...attributes] = textOf(line).split(" ");
    if (oid === "ERR") throw protocolError(access.url, textOf(line).slice(4));
    // An unborn HEAD has no commit: an empty repository.
    if (!/^[0-9a-f]{40}$/.test(oid)) continue;
    const peeled = attributes.find((item) => item.startsWith("peeled:"))?.slice(7);
    if (name === "HEAD") head = attributes.find((item) => item.startsWith("symref-target:"))?.slice(14);
    refs.push({ name, oid, ...(peeled === undefined ? {} : { peeled }) });
  }
  return { refs, ...(head === undefined ? {} : { head }), askedAt: now };
}

export function uploadPack(pool: HttpPool, access: RepositoryAccess, capabilities: Capabilities, body: Buffer, signal: AbortSignal, patienceMs?: number): Promise<HttpAnswer> {
  const headers = { "content-type": `application/x-${SERVICE}-request`, accept: `application/x-${SERVICE}-result`, ...(capabilities.version === 2 ? { "git-protocol": "version=2" } : {}) };
  return pool.post(access, `${capabilities.base}/${SERVICE}`, headers, body, signal, patienceMs);
}

async function nextLine(reader: PacketReader, url: string): Promise<string> {
  const line = await reader.next();
  if (!Buffer.isBuffer(line)) throw protocolError(url, "sent no refs");
  const text = textOf(line);
  if (text.startsWith("ERR ")) throw protocolError(url, text.slice(4));
  return text;
}

function trimmed(url: string): string {
  return url.trim().replace(/\/+$/, "");
}
