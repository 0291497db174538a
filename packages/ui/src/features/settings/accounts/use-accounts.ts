import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../../api/client.ts";

export interface Account {
  name: string;
  enabled?: boolean;
  capabilities?: string[] | null;
  tokens?: AccountToken[] | null;
}

/** Seconds since the epoch; over JSON they may come as text. */
export interface AccountToken {
  id: string;
  issuedAt?: number | string;
  expiresAt?: number | string;
}

const KEY = ["accounts"];

export function useAccounts() {
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: Account[] | null }>("GET", "api/v1/account", undefined, signal)).items ?? [] });
}

export function useAccount(name: string) {
  return useQuery({ queryKey: [...KEY, name], queryFn: ({ signal }) => call<Account>("GET", addressOf(name), undefined, signal) });
}

export function useAccountChanges(name: string) {
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: KEY });
  return {
    /** The token itself, which nobody can be shown again. `expiresIn` in seconds, 0: never. */
    async createToken(id: string, expiresIn: number): Promise<string> {
      const { token } = await call<{ token: string }>("POST", addressOf(name, "/token"), { id, expiresIn });
      await reload();
      return token;
    },
    async deleteToken(id: string): Promise<void> {
      await call("DELETE", addressOf(name, `/token/${encodeURIComponent(id)}`));
      await reload();
    },
    changePassword: (currentPassword: string, newPassword: string) => call("PUT", "api/v1/account/password", { name, currentPassword, newPassword }),
  };
}

function addressOf(name: string, rest = ""): string {
  return `api/v1/account/${encodeURIComponent(name)}${rest}`;
}
