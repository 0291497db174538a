import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call } from "../../api/client.ts";
import { beginAgain } from "../../api/live.ts";
import { onSessionChange } from "../../api/session-changes.ts";

export interface Session {
  loggedIn: boolean;
  username?: string;
  groups?: string[];
  iss?: string;
}

const KEY = ["session"];

/** Who is signed in. When the server refuses the session on any call or stream it is over here too; who signs in with another tab is signed in here. */
export function useSession() {
  const queries = useQueryClient();
  useEffect(
    () =>
      onSessionChange((change) => {
        if (change === "signed out") queries.setQueryData<Session>(KEY, { loggedIn: false });
        else {
          void queries.resetQueries({ queryKey: KEY });
          void queries.invalidateQueries();
        }
      }),
    [queries],
  );
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }): Promise<Session> => ({ loggedIn: false, ...(await call<Partial<Session>>("GET", "api/v1/session/userinfo", undefined, signal)) }), staleTime: Infinity });
}

/** Signs in with a local account; the token stays in an HttpOnly cookie, which this page cannot read. */
export function useSignIn(): (username: string, password: string) => Promise<void> {
  const queries = useQueryClient();
  return async (username, password) => {
    await call("POST", "api/v1/session", { username, password });
    beginAgain();
    await queries.resetQueries({ queryKey: KEY });
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await call("DELETE", "api/v1/session");
    queries.setQueryData<Session>(KEY, { loggedIn: false });
    // The next one to sign in here may see less.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  };
}
