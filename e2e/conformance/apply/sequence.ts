import { Random } from "../merge/random.ts";
import { until } from "../../support/until.ts";
import type { Server } from "../server.ts";
import { CRDS } from "../words.ts";
import { appliedKinds, definitions, NAMESPACE, type AppliedKind } from "./kinds.ts";
import { Game, merged, type Move } from "./moves.ts";

/** Writes to one object, each with what the server made of it. */
export interface Sequence {
  kind: string;
  /** Of the object; names are never used twice. */
  name: string;
  moves: readonly (Move & { answer: unknown })[];
}

const ATTEMPTS = 24;

/** Makes the namespace and the definitions that the sequences need. */
export async function prepareForApply(server: Server): Promise<void> {
  await server.ask({ method: "POST", path: "/api/v1/namespaces", body: { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } } });
  await server.ask({ method: "POST", path: `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } } });
  for (const definition of definitions) await server.ask({ method: "POST", path: CRDS, body: definition });
  for (const { path, custom, kind } of appliedKinds) {
    if (custom) await until(`${kind} to be served`, () => server.ask({ method: "GET", path }), ({ code }) => code === 200 || { notYet: `answered ${code}` });
  }
}

/** Plays a new sequence: random moves, of which those stay that the server took or met with a conflict. Its own validation is not what this is about. */
export async function inventSequence(server: Server, kind: AppliedKind, name: string, seed: number, length: number): Promise<Sequence> {
  const random = new Random(seed);
  const game = new Game(kind, name, random);
  const moves: (Move & { answer: unknown })[] = [];
  let live: any;
  for (let attempt = 0; attempt < ATTEMPTS && moves.length < length; attempt++) {
    const move = game.next(live);
    const { code, body } = await make(server, kind, name, move, live);
    if (code === 409 ? move.type !== APPLY_TYPE : code! >= 300 && !isAboutTypes(body)) continue;
    moves.push({ ...move, answer: comparable(code, body) });
    if (code! >= 300) continue;
    live = body;
    game.accepted(move);
  }
  await clear(server, kind, name);
  return { kind: kind.kind, name, moves };
}

/** The same moves on another server, with what that one makes of them. */
export async function repeatSequence(server: Server, { kind: wanted, name, moves }: Sequence): Promise<unknown[]> {
  const kind = kindOf(wanted, moves);
  const answers: unknown[] = [];
  let live: any;
  for (const move of moves) {
    const { code, body } = await make(server, kind, name, { ...move, sent: withNamesOf(live, move.sent) }, live);
    answers.push(comparable(code, body));
    if (code! < 300) live = body;
  }
  await clear(server, kind, name);
  return answers;
}

const MOUNT = /kube-api-access-[a-z0-9]{5}/g;

/** A write that repeats a name which the other server has made up means the one that this server has. */
function withNamesOf(live: unknown, sent: Move["sent"]): Move["sent"] {
  const own = JSON.stringify(live)?.match(MOUNT)?.[0];
  return own === undefined ? sent : JSON.parse(JSON.stringify(sent).replaceAll(MOUNT, own));
}

const APPLY_TYPE = "application/apply-patch+yaml";

function kindOf(name: string, moves: Sequence["moves"]): AppliedKind {
  const apiVersion = moves[0]?.sent?.apiVersion;
  const found = appliedKinds.find(({ kind, least }) => kind === name && (apiVersion === undefined || least["apiVersion"] === apiVersion));
  if (found === undefined) throw new Error(`the corpus writes a ${name}, which no kind describes`);
  return found;
}

function make(server: Server, kind: AppliedKind, name: string, move: Move, live: any): Promise<{ code: number | undefined; body: any }> {
  const path = `${kind.path}${move.method === "POST" ? "" : `/${name}`}${move.status ? "/status" : ""}?fieldManager=${move.manager}${move.force ? "&force=true" : ""}`;
  return server.ask({ method: move.method, path, type: move.type, body: move.method === "PUT" ? merged(live, move.sent) : move.sent });
}

async function clear(server: Server, kind: AppliedKind, name: string): Promise<void> {
  const at = `${kind.path}/${name}`;
  await server.ask({ method: "PATCH", path: at, type: "application/merge-patch+json", body: { metadata: { finalizers: null } } });
  await server.ask({ method: "DELETE", path: at, body: { gracePeriodSeconds: 0, propagationPolicy: "Background" } });
}

/** Errors of the merge itself, such as two items with one key. */
function isAboutTypes(body: any): boolean {
  return /failed to create typed|failed to update managed|failed to convert/.test(body?.message ?? "");
}

/** An answer without identities, times and what a server chooses by itself; managers in an order of their own, since the real one depends on the second. */
function comparable(code: number | undefined, body: any): unknown {
  if (body?.kind === "Status" && body.apiVersion === "v1") return { code, reason: body.reason, message: masked(body.message), causes: ((body.details?.causes ?? []) as any[]).map((cause) => masked(JSON.stringify(cause))).sort() };
  const { metadata, ...rest } = masked(body);
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, managedFields = [], ...own } = metadata;
  const sorted = (managedFields as any[]).map(({ time: _when, ...entry }) => entry).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return { code, object: { ...rest, metadata: { ...own, managedFields: sorted } } };
}

function orderOf({ operation, manager, subresource = "", apiVersion }: any): string {
  return [operation, manager, subresource, apiVersion].join();
}

function masked<T>(value: T): T {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
    .replaceAll(MOUNT, "kube-api-access-<random>")
    .replaceAll(/"(nodePort|healthCheckNodePort)":3\d{4}/g, '"$1":"<port>"')
    .replaceAll(/"10\.(9[6-9]|10\d|11[01])\.\d+\.\d+"/g, '"<address>"')
    // The only time that the sequences themselves write is the first of January.
    .replaceAll(/\d{4}-(?!01-01)\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>");
  return JSON.parse(text) as T;
}
