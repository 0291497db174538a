import { type ObjectStore, type TreeEntry, walk } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { typeOfNames } from "../render/detect.ts";
import { manifestDirectories } from "../render/manifest-directories.ts";
import { resolveRevision } from "../revision/resolve.ts";
import { askedRepository } from "./requests.ts";

/** Directories that hold a chart or a kustomization, with their type, and those with plain manifests if they are wanted; the root is `.`. */
export function listPathsHandler(ctx: Context): rpc.RepositoryHandlers["ListPaths"] {
  return async (request, { signal }) => {
    const repository = ctx.git.open(askedRepository(request.repository));
    const { revision } = await resolveRevision(repository, request.revision, { maxAgeMs: ctx.config.revisionCacheMs, signal });
    const { store, tree } = await repository.snapshot(revision, signal);
    const folders = filesByFolder(store, tree);
    const typesByPath: Record<string, string> = {};
    const enabled = (type: string): boolean => !(type === "Helm" && request.tools?.helmDisabled === true) && !(type === "Kustomize" && request.tools?.kustomizeDisabled === true);
    for (const [folder, files] of folders) {
      const type = typeOfNames(files.map(({ name }) => name).sort(), enabled);
      if (type !== undefined) typesByPath[folder] = type;
    }
    if (request.mostDirectories <= 0) return { typesByPath, revision };
    const { paths, more } = await manifestDirectories(store, folders, { except: (folder) => typesByPath[folder] !== undefined, most: request.mostDirectories, signal });
    return { typesByPath, revision, directories: paths, moreDirectories: more };
  };
}

function filesByFolder(store: ObjectStore, tree: string): Map<string, TreeEntry[]> {
  const folders = new Map<string, TreeEntry[]>();
  for (const { path, ...entry } of walk(store, tree)) {
    if (entry.kind === "submodule") continue;
    const folder = path.slice(0, Math.max(0, path.length - entry.name.length - 1)) || ".";
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [entry]);
    else files.push(entry);
  }
  return folders;
}
