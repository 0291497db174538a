import { useQuery, useQueryClient } from "@tanstack/react-query";
import { address, call } from "../../api/client.ts";
import { permission, type Permission } from "../../api/permissions.ts";

export interface Repository {
  repo: string;
  type?: string;
  name?: string;
  project?: string;
  username?: string;
  insecure?: boolean;
  enableOCI?: boolean;
  githubAppID?: number;
  inheritedCreds?: boolean;
  connectionState?: { status?: string; message?: string; attemptedAt?: string };
}

/** A repository with what opens it; that only ever goes to the server. */
export interface RepositoryToConnect extends Repository {
  password?: string;
  bearerToken?: string;
  sshPrivateKey?: string;
  tlsClientCertData?: string;
  tlsClientCertKey?: string;
  proxy?: string;
  noProxy?: string;
  insecureIgnoreHostKey?: boolean;
  forceHttpBasicAuth?: boolean;
  githubAppPrivateKey?: string;
  githubAppInstallationID?: number;
  githubAppEnterpriseBaseUrl?: string;
}

export interface Template {
  url: string;
  username?: string;
}

const KEY = ["repositories"];
const TEMPLATES = ["repository-templates"];

/** Repositories that the reader may see, each with what the last attempt to reach it said. */
export function useRepositories() {
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: Repository[] | null }>("GET", "api/v1/repositories", undefined, signal)).items ?? [] });
}

/** Credentials for every repository below a URL. */
export function useTemplates() {
  return useQuery({ queryKey: TEMPLATES, queryFn: async ({ signal }) => (await call<{ items?: Template[] | null }>("GET", "api/v1/repocreds", undefined, signal)).items ?? [] });
}

export const repositoryPermission = (action: string, { repo, project }: Pick<Repository, "repo" | "project">): Permission => permission("repositories", action, project ? `${project}/${repo}` : repo);

export function useRepositoryChanges() {
  const queries = useQueryClient();
  const of = ({ repo, project }: Repository, parameters: Record<string, string> = {}): string => address(`api/v1/repositories/${encodeURIComponent(repo)}`, { appProject: project, ...parameters });
  const reload = () => queries.invalidateQueries({ queryKey: KEY });
  return {
    /** Tries it first; what cannot be reached is refused and not kept. */
    async connect(repository: RepositoryToConnect): Promise<void> {
      await call("POST", "api/v1/repositories", repository);
      await reload();
    },
    async disconnect(repository: Repository): Promise<void> {
      await call("DELETE", of(repository));
      await reload();
    },
    /** Reaches one of them again, without an answer from before. */
    async tryAgain(repository: Repository): Promise<void> {
      const now = await call<Repository>("GET", of(repository, { forceRefresh: "true" }));
      queries.setQueryData<Repository[]>(KEY, (all) => all?.map((one) => (one.repo === repository.repo && one.project === repository.project ? now : one)));
    },
    async saveTemplate(template: Record<string, unknown>): Promise<void> {
      await call("POST", "api/v1/repocreds", template);
      await queries.invalidateQueries({ queryKey: TEMPLATES });
    },
    async deleteTemplate({ url }: Template): Promise<void> {
      await call("DELETE", `api/v1/repocreds/${encodeURIComponent(url)}`);
      await queries.invalidateQueries({ queryKey: TEMPLATES });
    },
  };
}
