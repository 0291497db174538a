import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { objectKey } from "../../details/tree.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { objectParameters, type Subject } from "../subject.ts";

/** The live object as JSON, secrets masked; asked for again whenever the tree has a newer version of it. */
export function useLiveManifest(of: ApplicationName, subject: Subject) {
  return useQuery({
    queryKey: ["resource", of.namespace, of.name, objectKey(subject), subject.node?.uid, "live", subject.node?.resourceVersion],
    enabled: subject.node?.uid !== undefined,
    queryFn: async ({ signal }) => (await call<{ manifest?: string }>("GET", applicationAddress(of, "/resource", objectParameters(subject)), undefined, signal)).manifest ?? "",
    placeholderData: (before, query) => (query?.queryKey[3] === objectKey(subject) ? before : undefined),
    staleTime: 0,
    gcTime: 10_000,
  });
}

interface ManagedResource {
  targetState?: string;
}

/** What Git wants the object to be, as JSON; "null" where Git has no such object. */
export function useDesiredManifest(of: ApplicationName, { group = "", kind, namespace = "", name }: Subject, version: unknown, enabled: boolean) {
  return useQuery({
    queryKey: ["resource", of.namespace, of.name, objectKey({ group, kind, namespace, name }), "desired", version],
    enabled,
    queryFn: async ({ signal }) => {
      const { items } = await call<{ items?: ManagedResource[] | null }>("GET", applicationAddress(of, "/managed-resources", { group, kind, namespace, name }), undefined, signal);
      return items?.[0]?.targetState ?? "null";
    },
    staleTime: 0,
    gcTime: 10_000,
  });
}
