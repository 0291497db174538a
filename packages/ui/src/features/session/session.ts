import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, send } from "../../api/client.ts";
import { beginAgain } from "../../api/live.ts";
import { SERVER_SETTINGS } from "../../api/server-settings.ts";
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
        if (change === "signed out") {
          // Whether nobody in particular may look on, the settings say anew.
          void queries.resetQueries({ queryKey: SERVER_SETTINGS });
          queries.setQueryData<Session>(KEY, { loggedIn: false });
        }
        else {
          void queries.resetQueries({ queryKey: KEY });
          void queries.invalidateQueries();
        }
      }),
    [queries],
  );
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }): Promise<Session> => ({ loggedIn: false, ...(await call<Partial<Session>>("GET", "api/v1/session/userinfo", undefined, signal)) }), staleTime: Infinity });
}

/** Signs in with a local account. The token stays in an HttpOnly cookie, which this page cannot read; of the answer, which also has it, nothing is read. */
export function useSignIn(): (username: string, password: string) => Promise<void> {
  const queries = useQueryClient();
  return async (username, password) => {
    await send("POST", "api/v1/session", { username, password });
    beginAgain();
    await Promise.all([queries.resetQueries({ queryKey: KEY }), queries.invalidateQueries({ queryKey: SERVER_SETTINGS })]);
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await call("DELETE", "api/v1/session");
    queries.setQueryData<Session>(KEY, { loggedIn: false });
    // The next one to sign in here may see less.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] && queryKey[0] !== SERVER_SETTINGS[0] });
    await queries.resetQueries({ queryKey: SERVER_SETTINGS });
  };
}
