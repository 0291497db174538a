import { useEffect, useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { objectKey } from "../details/tree.ts";
import type { ObjectName, Tree } from "../details/types.ts";

const PACE_MS = 1000;

/**
 * Changes when what is wanted of the declared objects, or any of them in the cluster, changes; at most once a second, so
 * that a rollout does not have everything asked for again at each of its steps.
 */
export function useStateVersion(app: Application, tree: Tree | undefined): string {
  const version = useMemo(() => stateVersion(app, tree), [app, tree]);
  const [shown, setShown] = useState({ version, at: 0 });
  useEffect(() => {
    if (shown.version === version) return;
    const timer = setTimeout(() => setShown({ version, at: Date.now() }), Math.max(0, shown.at + PACE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [shown, version]);
  return shown.version;
}

/** A short text for what the declared objects are, wanted and live. */
export function stateVersion(app: Application, tree: Tree | undefined): string {
  const { sync, resources = [] } = app.status ?? {};
  const declared = new Set(resources.map((resource) => objectKey(resource as ObjectName)));
  const nodes = (tree?.nodes ?? []).filter((node) => declared.has(objectKey(node)));
  const text = [sync?.status, sync?.revision, ...(sync?.revisions ?? []), ...resources.map((resource) => `${objectKey(resource as ObjectName)} ${resource.status}`), ...nodes.map((node) => `${node.uid} ${node.resourceVersion}`)].join("\n");
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${text.length}.${(hash >>> 0).toString(16)}`;
}
