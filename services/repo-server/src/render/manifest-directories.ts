import { setImmediate as breathe } from "node:timers/promises";
import type { ObjectStore, TreeEntry } from "@trireme/git";
import { MANIFEST, SKIP_MARKER } from "./directory.ts";

export interface ManifestDirectories {
  /** Nearest to the root first. */
  paths: string[];
  /** There are, or may be, more than these. */
  more: boolean;
}

/** Files of one question that are looked into. */
const MOST_FILES = 5000;
const AT_ONCE = 100;

/**
 * The folders of which a file of their own says that it is an object of Kubernetes. A package.json, a workflow or the
 * values of a chart do not make one, nor do a chart's templates.
 */
export async function manifestDirectories(store: Pick<ObjectStore, "readBlob">, folders: ReadonlyMap<string, readonly TreeEntry[]>, { except, most, signal }: { except: (folder: string) => boolean; most: number; signal: AbortSignal }): Promise<ManifestDirectories> {
  const paths: string[] = [];
  let files = 0;
  const candidates = [...folders].filter(([folder]) => !except(folder) && !isTemplates(folder, folders));
  for (const [folder, entries] of candidates.sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))) {
    for (const entry of entries) {
      if ((entry.kind !== "file" && entry.kind !== "executable") || !MANIFEST.test(entry.name) || entry.name.endsWith(".jsonnet")) continue;
      if (paths.length >= most || files >= MOST_FILES) return { paths, more: true };
      if (++files % AT_ONCE === 0) {
        await breathe();
        signal.throwIfAborted();
      }
      if (!isManifest(entry.name, store.readBlob(entry.oid))) continue;
      paths.push(folder);
      break;
    }
  }
  return { paths, more: false };
}

function isManifest(name: string, content: Buffer): boolean {
  if (content.includes(SKIP_MARKER)) return false;
  const text = content.toString("utf8");
  return name.endsWith(".json") ? /"apiVersion"\s*:/.test(text) && /"kind"\s*:/.test(text) : /^["']?apiVersion["']?\s*:/m.test(text) && /^["']?kind["']?\s*:/m.test(text);
}

/** `templates` of a chart, or below it. */
function isTemplates(folder: string, folders: ReadonlyMap<string, readonly TreeEntry[]>): boolean {
  const parts = folder.split("/");
  return parts.some((part, index) => part === "templates" && (folders.get(parts.slice(0, index).join("/") || ".") ?? []).some(({ name }) => name === "Chart.yaml"));
}

function depth(folder: string): number {
  return folder === "." ? 0 : folder.split("/").length;
}
