/** Git's four kinds of object, by the numbers that packs use. */
export const OBJECT_TYPES = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" } as const;
export type ObjectType = (typeof OBJECT_TYPES)[keyof typeof OBJECT_TYPES];

export interface GitObject {
  type: ObjectType;
  data: Buffer;
}

export interface TreeEntry {
  name: string;
  oid: string;
  kind: "file" | "executable" | "symlink" | "tree" | "submodule";
}

export interface Commit {
  oid: string;
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
  /** The armoured signature, where the commit has one, and the bytes that it covers. */
  signature?: { text: string; payload: Buffer };
}

export interface Signature {
  name: string;
  email: string;
  /** Seconds since the epoch. */
  at: number;
}

export interface Tag {
  object: string;
  type: string;
  name: string;
  message: string;
}

const KINDS: Record<string, TreeEntry["kind"]> = { "100644": "file", "100664": "file", "100755": "executable", "120000": "symlink", "40000": "tree", "160000": "submodule" };

/** In Git's own order: by name, directories as if their name ended in a slash. */
export function parseTree(data: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const zero = data.indexOf(0, space);
    if (space === -1 || zero === -1 || zero + 21 > data.length) throw new Error("tree is cut short");
    const mode = data.toString("latin1", at, space);
    entries.push({ name: data.toString("utf8", space + 1, zero), oid: data.toString("hex", zero + 1, zero + 21), kind: KINDS[mode] ?? "file" });
    at = zero + 21;
  }
  return entries;
}

export function parseCommit(oid: string, data: Buffer): Commit {
  const { headers, message, signature } = parseHeaders(data);
  const one = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? "";
  const text = signature?.text;
  return {
    oid,
    tree: one("tree"),
    parents: headers.filter(([key]) => key === "parent").map(([, value]) => value),
    author: parseSignature(one("author")),
    committer: parseSignature(one("committer")),
    message,
    ...(text === undefined ? {} : { signature: { text, payload: signature!.payload } }),
  };
}

export function parseTag(data: Buffer): Tag {
  const { headers, message } = parseHeaders(data);
  const one = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? "";
  return { object: one("object"), type: one("type"), name: one("tag"), message };
}

function parseHeaders(data: Buffer): { headers: [string, string][]; message: string; signature?: { text: string; payload: Buffer } } {
  const headers: [string, string][] = [];
  let at = 0;
  let signed: { from: number; to: number } | undefined;
  while (at < data.length && data[at] !== 0x0a) {
    const from = at;
    let end = lineEnd(data, at);
    const line = data.toString("utf8", at, end);
    const space = line.indexOf(" ");
    const name = line.slice(0, space);
    let value = line.slice(space + 1);
    at = end + 1;
    while (at < data.length && data[at] === 0x20) {
      end = lineEnd(data, at);
      value += `\n${data.toString("utf8", at + 1, end)}`;
      at = end + 1;
    }
    if (name === "gpgsig") signed = { from, to: at };
    headers.push([name, value]);
  }
  const message = data.toString("utf8", Math.min(at + 1, data.length));
  if (signed === undefined) return { headers, message };
  const text = headers.find(([name]) => name === "gpgsig")![1];
  return { headers, message, signature: { text, payload: Buffer.concat([data.subarray(0, signed.from), data.subarray(signed.to)]) } };
}

function lineEnd(data: Buffer, from: number): number {
  const end = data.indexOf(0x0a, from);
  return end === -1 ? data.length : end;
}

/** `Name <mail> 1700000000 +0100` */
function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<([^>]*)> ?(-?\d{1,15})?/.exec(text);
  return { name: match?.[1] ?? "", email: match?.[2] ?? "", at: Number(match?.[3] ?? 0) };
}
