import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";

/** GET /api/trireme/v1/applications/{name}/differences. */
export interface ObjectDifference {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
  state: "Modified" | "Missing" | "RequiresPruning";
  /** JSON. */
  desired?: string;
  live?: string;
  fields?: FieldDifference[] | null;
}

export interface FieldDifference {
  path: string;
  /** JSON. */
  desired?: string;
  live?: string;
  writer?: string;
  operation?: string;
  writtenAt?: string;
}

/** What was compared of a state that is over is of no use for long, milliseconds. */
const KEPT_MS = 10_000;

/** What differs from Git now; asked again for each version of the state. */
export function useDifferences(of: ApplicationName, version: string) {
  return useQuery({
    queryKey: ["application", of.namespace, of.name, "differences", version],
    queryFn: async ({ signal }) => (await call<{ items?: ObjectDifference[] | null }>("GET", applicationAddress(of, "/differences", {}, "api/trireme/v1"), undefined, signal)).items ?? [],
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: KEPT_MS,
  });
}

/** What going back to an entry of the history would change. */
export function useRollbackDifferences(of: ApplicationName, version: string, id: number) {
  return useQuery({
    queryKey: ["application", of.namespace, of.name, "rollback-differences", id, version],
    queryFn: async ({ signal }) => (await call<{ items?: ObjectDifference[] | null }>("GET", applicationAddress(of, `/history/${id}/differences`, {}, "api/trireme/v1"), undefined, signal)).items ?? [],
    placeholderData: (before, query) => (query?.queryKey[4] === id ? before : undefined),
    staleTime: 0,
    gcTime: KEPT_MS,
  });
}
