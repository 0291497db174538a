import { AppError, Code } from "@trireme/runtime";
import { displayUrl, type RepositoryAccess } from "../access.ts";
import { protocolError, tooLarge } from "../errors.ts";
import type { HttpPool } from "./http.ts";
import { DELIM, FLUSH, packet, PacketReader, textOf } from "./pkt-line.ts";
import { type Capabilities, fetchOffers, offers, uploadPack } from "./smart-http.ts";

export interface FetchRequest {
  wants: readonly string[];
  /** Commits whose whole tree we hold; their objects are not sent again. */
  haves: readonly string[];
  /** Commits of ours whose parents we lack. */
  shallow: readonly string[];
  /** Commits deep; 0: the whole history. */
  depth: number;
  /** `tree:0` for commits only, where the server can. */
  filter?: string;
  maxBytes: number;
  /** Longest silence of the server, which counts and packs before it answers. */
  patienceMs: number;
}

/** Sends one fetch and yields the pack's bytes as they come. With `haves`, deltas may lean on objects of those commits. */
export async function* fetchPack(pool: HttpPool, access: RepositoryAccess, capabilities: Capabilities, request: FetchRequest, signal: AbortSignal): AsyncGenerator<Buffer> {
  const body = capabilities.version === 2 ? bodyV2(capabilities, request) : bodyV0(capabilities, request);
  const reader = new PacketReader((await uploadPack(pool, access, capabilities, body, signal, request.patienceMs)).body);
  if (capabilities.version === 2) await toPackV2(reader, access.url);
  else await toPackV0(reader, access.url, request.depth > 0);
  let total = 0;
  for await (const piece of sideband(reader, access.url)) {
    total += piece.length;
    if (total > request.maxBytes) throw tooLarge(access.url, "pack", request.maxBytes);
    yield piece;
  }
}

function bodyV2(capabilities: Capabilities, request: FetchRequest): Buffer {
  const filter = request.filter !== undefined && fetchOffers(capabilities, "filter") ? [packet(`filter ${request.filter}\n`)] : [];
  return Buffer.concat([
    packet("command=fetch\n"),
    packet("agent=trireme\n"),
    packet("object-format=sha1\n"),
    DELIM,
    packet("no-progress\n"),
    packet("ofs-delta\n"),
    // Towards a clone without history, a server leaves out what we have only where deltas may lean on it.
    ...(request.haves.length > 0 ? [packet("thin-pack\n")] : []),
    ...request.wants.map((oid) => packet(`want ${oid}\n`)),
    ...request.shallow.map((oid) => packet(`shallow ${oid}\n`)),
    ...(request.depth > 0 ? [packet(`deepen ${request.depth}\n`)] : []),
    ...filter,
    ...request.haves.map((oid) => packet(`have ${oid}\n`)),
    packet("done\n"),
    FLUSH,
  ]);
}

function bodyV0(capabilities: Capabilities, request: FetchRequest): Buffer {
  const wanted = ["multi_ack_detailed", "side-band-64k", "ofs-delta", "no-progress", "shallow", ...(request.haves.length > 0 ? ["thin-pack"] : [])].filter((name) => offers(capabilities, name));
  const filter = request.filter !== undefined && offers(capabilities, "filter");
  if (filter) wanted.push("filter");
  return Buffer.concat([
    ...request.wants.map((oid, index) => packet(index === 0 ? `want ${oid} ${wanted.join(" ")} agent=trireme\n` : `want ${oid}\n`)),
    ...request.shallow.map((oid) => packet(`shallow ${oid}\n`)),
    ...(request.depth > 0 ? [packet(`deepen ${request.depth}\n`)] : []),
    ...(filter ? [packet(`filter ${request.filter}\n`)] : []),
    FLUSH,
    ...request.haves.map((oid) => packet(`have ${oid}\n`)),
    packet("done\n"),
  ]);
}

/** Reads up to the section that holds the pack. */
async function toPackV2(reader: PacketReader, url: string): Promise<void> {
  for (;;) {
    const line = await reader.next();
    if (line === "delim") continue;
    if (!Buffer.isBuffer(line)) throw protocolError(url, "sent no pack");
    const text = textOf(line);
    if (text === "packfile") return;
    refuseError(text, url);
  }
}

async function toPackV0(reader: PacketReader, url: string, deepened: boolean): Promise<void> {
  let inShallow = deepened;
  for (;;) {
    const line = await reader.next();
    if (line === "flush" && inShallow) {
      inShallow = false;
      continue;
    }
    if (!Buffer.isBuffer(line)) throw protocolError(url, "sent no pack");
    const text = textOf(line);
    refuseError(text, url);
    if (text === "NAK") return;
    // `ACK <oid> common` and `ready` go on; the bare one ends the talk.
    if (/^ACK [0-9a-f]{40}$/.test(text)) return;
  }
}

function refuseError(text: string, url: string): void {
  if (!text.startsWith("ERR ")) return;
  const said = text.slice(4);
  if (/not our ref|no such remote ref|unadvertised object/.test(said)) {
    throw new AppError(`${displayUrl(url)}: ${said}`, { reason: "RevisionNotFound", code: Code.NotFound, retry: "never", details: { repository: displayUrl(url) } });
  }
  throw protocolError(url, said);
}

async function* sideband(reader: PacketReader, url: string): AsyncGenerator<Buffer> {
  for (;;) {
    const line = await reader.next();
    if (line === "flush" || line === "end" || line === "response-end") return;
    if (!Buffer.isBuffer(line)) continue;
    if (line[0] === 1) yield line.subarray(1);
    else if (line[0] === 3) {
      const said = textOf(line.subarray(1));
      refuseError(`ERR ${said}`, url);
    }
  }
}
