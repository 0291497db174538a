import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { AppProject, SyncWindow } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";

const KEY = ["projects"];

/** A project with what belongs to it alone and what it inherits. */
export interface DetailedProject {
  project: AppProject;
  globalProjects?: AppProject[] | null;
  repositories?: { repo: string; name?: string }[] | null;
  clusters?: { server: string; name?: string }[] | null;
}

export function useProjects() {
  return useQuery({ queryKey: [...KEY, "all"], queryFn: async ({ signal }) => (await call<{ items?: AppProject[] | null }>("GET", "api/v1/projects", undefined, signal)).items ?? [] });
}

export function useProject(name: string) {
  return useQuery({ queryKey: [...KEY, "one", name], queryFn: ({ signal }) => call<DetailedProject>("GET", addressOf(name, "/detailed"), undefined, signal) });
}

/** The windows that are open or shut at this moment. */
export function useActiveWindows(name: string) {
  return useQuery({ queryKey: [...KEY, "windows", name], queryFn: async ({ signal }) => (await call<{ windows?: SyncWindow[] | null }>("GET", addressOf(name, "/syncwindows"), undefined, signal)).windows ?? [], refetchInterval: 60_000 });
}

/** Where the settings' `project.links` lead for this project. */
export function useProjectLinks(name: string) {
  return useQuery({ queryKey: [...KEY, "links", name], queryFn: async ({ signal }) => (await call<{ items?: { url?: string; title?: string; description?: string }[] | null }>("GET", addressOf(name, "/links"), undefined, signal)).items ?? [] });
}

export function useProjectChanges() {
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: KEY });
  return {
    async create(name: string, description: string): Promise<void> {
      await call("POST", "api/v1/projects", { project: { metadata: { name }, spec: { ...(description !== "" && { description }) } } });
      await reload();
    },
    /** Carries the version that was read: what somebody else changed meanwhile is not written over. */
    async save(project: AppProject): Promise<AppProject> {
      try {
        return await call<AppProject>("PUT", addressOf(project.metadata.name ?? ""), { project });
      } finally {
        // Where it was refused too: somebody may have been faster.
        void reload();
      }
    },
    async remove(name: string): Promise<void> {
      await call("DELETE", addressOf(name));
      await reload();
    },
    async createToken(name: string, role: string, id: string, expiresIn: number): Promise<string> {
      const { token } = await call<{ token: string }>("POST", addressOf(name, `/roles/${encodeURIComponent(role)}/token`), { id, expiresIn });
      await reload();
      return token;
    },
    async deleteToken(name: string, role: string, { id, issuedAt }: { id: string; issuedAt: number }): Promise<void> {
      await call("DELETE", addressOf(name, `/roles/${encodeURIComponent(role)}/token/${issuedAt}?id=${encodeURIComponent(id)}`));
      await reload();
    },
  };
}

function addressOf(name: string, rest = ""): string {
  return `api/v1/projects/${encodeURIComponent(name)}${rest}`;
}
