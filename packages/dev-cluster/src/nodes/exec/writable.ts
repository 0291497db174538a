/** What the container's own processes wrote in this run; forgotten with it. */
export interface Writable {
  files: Map<string, Buffer>;
  folders: Set<string>;
}

export function emptyWritable(): Writable {
  return { files: new Map(), folders: new Set() };
}
