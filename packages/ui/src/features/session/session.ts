import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call, send, SIGN_IN } from "../../api/client.ts";
import { beginAgain } from "../../api/live.ts";
import { SERVER_SETTINGS } from "../../api/server-settings.ts";
import { onSessionChange } from "../../api/session-changes.ts";

export interface Session {
  loggedIn: boolean;
  username?: string;
  groups?: string[];
  iss?: string;
  /** The reader has signed out here; it did not just end. */
  left?: boolean;
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
          queries.setQueryData<Session>(KEY, (now) => (now?.loggedIn === false ? now : { loggedIn: false }));
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

/** Whether the page can be shown: not known yet, nobody is here, somebody is, or somebody was and the session is over. */
export type Standing = { state: "unknown" | "away" } | { state: "here" | "over"; username: string };

/** Who has been here stays here until they sign out: what they were writing is still on the page when the session is over. */
export function useStanding(): Standing {
  const { data } = useSession();
  const last = useRef<Standing>({ state: "unknown" });
  if (data?.loggedIn === true) last.current = { state: "here", username: data.username ?? "" };
  else if (data !== undefined) last.current = "username" in last.current && data.left !== true ? { ...last.current, state: "over" } : { state: "away" };
  return last.current;
}

/** Signs in with a local account. The token stays in an HttpOnly cookie, which this page cannot read; of the answer, which also has it, nothing is read. @param before who was here until now. */
export function useSignIn(before?: string): (username: string, password: string) => Promise<void> {
  const queries = useQueryClient();
  return async (username, password) => {
    await send("POST", SIGN_IN, { username, password });
    beginAgain();
    // Somebody else may see less.
    if (username !== before) forget(queries);
    await Promise.all([queries.resetQueries({ queryKey: KEY }), queries.invalidateQueries({ queryKey: SERVER_SETTINGS })]);
    if (username === before) await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await call("DELETE", SIGN_IN);
    queries.setQueryData<Session>(KEY, { loggedIn: false, left: true });
    forget(queries);
    await queries.resetQueries({ queryKey: SERVER_SETTINGS });
  };
}

/** Everything that somebody was told; the next one to sign in here may see less. */
function forget(queries: ReturnType<typeof useQueryClient>): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] && queryKey[0] !== SERVER_SETTINGS[0] });
}
