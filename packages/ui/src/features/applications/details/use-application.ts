import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { address, call } from "../../../api/client.ts";
import { follow } from "../../../api/live.ts";
import { toldOf } from "../../../api/told.ts";
import { withAnswer, type ApplicationState } from "./application-state.ts";
import type { Releases, Tree, Why } from "./types.ts";

/** How a page names an application; an empty namespace is the control plane's. */
export interface ApplicationName {
  namespace: string;
  name: string;
}

const FOLLOW_UP_MS = 250;

const keyOf = ({ namespace, name }: ApplicationName, part: string): string[] => ["application", namespace, name, part];

/** The address of something of an application. */
export function applicationAddress({ namespace, name }: ApplicationName, rest = "", parameters: Record<string, string | undefined> = {}, root = "api/v1"): string {
  return address(`${root}/applications/${encodeURIComponent(name)}${rest}`, { appNamespace: namespace, ...parameters });
}

/** One application, its tree, why it is not well and what it releases, all kept current while the page is open. */
export function useApplication(of: ApplicationName) {
  const queries = useQueryClient();
  const { namespace, name } = of;
  const [staleSince, setStaleSince] = useState<number>();
  useEffect(() => {
    const named = { namespace, name };
    const later = followUps(queries, named);
    const told = toldOf(queries);
    const stopApplication = follow<Application>({
      topic: `application:${namespace}/${name}`,
      onEvent: ({ type, object }) => {
        if (object !== undefined) told.tell<ApplicationState>(keyOf(named, "state"), { app: object, deleted: type === "DELETED" });
        later.soon();
      },
    });
    const stopTree = follow<Tree>({
      topic: `tree:${namespace}/${name}`,
      onEvent: ({ type, object }) => {
        setStaleSince((since) => (type === "STALE" ? (since ?? Date.now()) : undefined));
        if (object !== undefined) told.tell<Tree>(keyOf(named, "tree"), object);
        later.soon();
      },
    });
    return () => {
      stopApplication();
      stopTree();
      later.stop();
    };
  }, [queries, namespace, name]);
  const told = toldOf(queries);
  return {
    /** Since when nobody knows whether the tree is still true. Milliseconds since the epoch. */
    staleSince,
    state: useQuery({ queryKey: keyOf(of, "state"), queryFn: ({ queryKey, signal }) => told.unlessTold<ApplicationState>(queryKey, async () => ({ app: await call<Application>("GET", applicationAddress(of), undefined, signal), deleted: false })) }),
    tree: useQuery({ queryKey: keyOf(of, "tree"), queryFn: ({ queryKey, signal }) => told.unlessTold<Tree>(queryKey, () => call<Tree>("GET", applicationAddress(of, "/resource-tree"), undefined, signal)) }),
    why: useQuery({ queryKey: keyOf(of, "why"), queryFn: ({ signal }) => call<Why>("GET", applicationAddress(of, "/why", {}, "api/trireme/v1"), undefined, signal) }),
    releases: useQuery({ queryKey: keyOf(of, "releases"), queryFn: ({ queryKey, signal }) => told.unlessTold<Releases>(queryKey, () => call<Releases>("GET", applicationAddress(of, "/releases", {}, "api/trireme/v1"), undefined, signal)) }),
  };
}

/**
 * What has no stream of its own is asked for again shortly after something has changed; where changes come faster than
 * answers, after the answer, since a question that is asked anew takes the place of the one before.
 */
function followUps(queries: QueryClient, of: ApplicationName): { soon: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isChanged = false;
  let isStopped = false;
  async function ask(): Promise<void> {
    timer = undefined;
    isAsking = true;
    isChanged = false;
    await Promise.all(["why", "releases"].map((part) => queries.invalidateQueries({ queryKey: keyOf(of, part) })));
    isAsking = false;
    if (isChanged) soon();
  }
  function soon(): void {
    isChanged = true;
    if (!isAsking && !isStopped) timer ??= setTimeout(() => void ask(), FOLLOW_UP_MS);
  }
  return {
    soon,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Takes an answer of the server in that says what the application was then. */
export function useTakeIn(of: ApplicationName): (app: Application) => void {
  const queries = useQueryClient();
  return (app) => queries.setQueryData<ApplicationState>(keyOf(of, "state"), (known) => withAnswer(known, app));
}

export function useTakeInReleases(of: ApplicationName): (releases: Releases) => void {
  const queries = useQueryClient();
  return (releases) => {
    // A question from before may still be on its way.
    toldOf(queries).tell<Releases>(keyOf(of, "releases"), releases);
    void queries.invalidateQueries({ queryKey: keyOf(of, "why") });
  };
}
