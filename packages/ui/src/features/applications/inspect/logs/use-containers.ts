import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { objectKey } from "../../details/tree.ts";
import type { Tree, TreeNode } from "../../details/types.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { containersOf } from "../resource/live-facts.ts";
import type { LiveObject } from "../resource/summary.tsx";
import { descendants, type Subject } from "../subject.ts";

/** The pods of an object: itself, or those that hang below it; the newest first. */
export function podsOf(subject: Subject, tree: Tree): TreeNode[] {
  const isPod = (node: TreeNode): boolean => node.kind === "Pod" && (node.group ?? "") === "";
  const own = subject.node !== undefined && isPod(subject.node) ? [subject.node] : [];
  return [...own, ...descendants(tree, objectKey(subject)).filter(isPod)].sort((a, b) => String(b.createdAt ?? "").localeCompare(String(a.createdAt ?? "")));
}

/** The containers that the pods of an object have, as the newest of them says. */
export function useContainers(of: ApplicationName, pod: TreeNode | undefined) {
  return useQuery({
    queryKey: ["resource", of.namespace, of.name, pod && objectKey(pod), "containers"],
    enabled: pod !== undefined,
    queryFn: async ({ signal }) => {
      const { namespace = "", name, version = "v1" } = pod!;
      const { manifest = "{}" } = await call<{ manifest?: string }>("GET", applicationAddress(of, "/resource", { version, kind: "Pod", namespace, resourceName: name }), undefined, signal);
      return containersOf(JSON.parse(manifest) as LiveObject);
    },
    staleTime: Infinity,
  });
}
