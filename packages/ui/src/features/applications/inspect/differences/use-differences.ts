import { useQuery } from "@tanstack/react-query";
import type { Application } from "@trireme/api/argo";
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

/** What differs from Git now; asked again whenever the application says something new of its objects. */
export function useDifferences(of: ApplicationName, app: Application) {
  return useQuery({
    queryKey: ["application", of.namespace, of.name, "differences", app.status?.sync, app.status?.resources],
    queryFn: async ({ signal }) => (await call<{ items?: ObjectDifference[] | null }>("GET", applicationAddress(of, "/differences", {}, "api/trireme/v1"), undefined, signal)).items ?? [],
    placeholderData: (before) => before,
    staleTime: 0,
  });
}

/** What going back to an entry of the history would change. */
export function useRollbackDifferences(of: ApplicationName, app: Application, id: number) {
  return useQuery({
    queryKey: ["application", of.namespace, of.name, "rollback-differences", id, app.status?.sync, app.status?.resources],
    queryFn: async ({ signal }) => (await call<{ items?: ObjectDifference[] | null }>("GET", applicationAddress(of, `/history/${id}/differences`, {}, "api/trireme/v1"), undefined, signal)).items ?? [],
    placeholderData: (before, query) => (query?.queryKey[4] === id ? before : undefined),
    staleTime: 0,
  });
}
