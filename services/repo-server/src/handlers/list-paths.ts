import { walk } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { typeOfNames } from "../render/detect.ts";
import { resolveRevision } from "../revision/resolve.ts";
import { askedRepository } from "./requests.ts";

/** Directories that hold a chart or a kustomization, with their type; the root is `.`. */
export function listPathsHandler(ctx: Context): rpc.RepositoryHandlers["ListPaths"] {
  return async (request, { signal }) => {
    const repository = ctx.git.open(askedRepository(request.repository));
    const { revision } = await resolveRevision(repository, request.revision, { maxAgeMs: ctx.config.revisionCacheMs, signal });
    const { store, tree } = await repository.snapshot(revision, signal);
    const namesByFolder = new Map<string, string[]>();
    for (const { path, name, kind } of walk(store, tree)) {
      if (kind === "submodule") continue;
      const folder = path.slice(0, Math.max(0, path.length - name.length - 1)) || ".";
      const names = namesByFolder.get(folder);
      if (names === undefined) namesByFolder.set(folder, [name]);
      else names.push(name);
    }
    const typesByPath: Record<string, string> = {};
    const enabled = (type: string): boolean => !(type === "Helm" && request.tools?.helmDisabled === true) && !(type === "Kustomize" && request.tools?.kustomizeDisabled === true);
    for (const [folder, names] of namesByFolder) {
      const type = typeOfNames(names.sort(), enabled);
      if (type !== undefined) typesByPath[folder] = type;
    }
    return { typesByPath, revision };
  };
}
