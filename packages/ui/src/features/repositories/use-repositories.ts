import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";

export interface Repository {
  repo: string;
  type?: string;
  name?: string;
  project?: string;
  username?: string;
  insecure?: boolean;
  inheritedCreds?: boolean;
  connectionState?: { status?: string; message?: string; attemptedAt?: string };
}

const KEY = ["repositories"];

/** Repositories that the reader may see, each with what the last attempt to reach it said. */
export function useRepositories() {
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: Repository[] | null }>("GET", "api/v1/repositories", undefined, signal)).items ?? [] });
}

export function useRepositoryChanges() {
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: KEY });
  const of = (repository: Repository): string => `${encodeURIComponent(repository.repo)}?appProject=${encodeURIComponent(repository.project ?? "")}`;
  return {
    /** Tries it first; what cannot be reached is refused and not kept. */
    async connect(repository: Repository & { password?: string }): Promise<void> {
      await call("POST", "api/v1/repositories", repository);
      await reload();
    },
    async disconnect(repository: Repository): Promise<void> {
      await call("DELETE", `api/v1/repositories/${of(repository)}`);
      await reload();
    },
    /** Reaches all of them again, without an answer from before. */
    async tryAgain(): Promise<void> {
      const { items } = await call<{ items?: Repository[] | null }>("GET", "api/v1/repositories?forceRefresh=true");
      queries.setQueryData(KEY, items ?? []);
    },
  };
}
