import { useQuery } from "@tanstack/react-query";
import type { KubeObject } from "@trireme/api";
import { confirmsDeletion, keptOnDeletion, type KeptBecause } from "@trireme/gitops";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";

interface ManagedResource {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
  liveState?: string;
}

export interface DoomedObject {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  /** Undefined: it goes with the application. */
  kept: KeptBecause | undefined;
  /** The deletion waits for a confirmation of it. */
  confirms: boolean;
  /** Others have to let it go before it is gone. */
  finalizers: readonly string[];
}

/** What a cascading deletion of the application would take and leave, by what stands on the objects in the cluster. */
export function useDoomed(of: ApplicationName, app: Application) {
  return useQuery({
    queryKey: ["application", of.namespace, of.name, "doomed"],
    queryFn: async ({ signal }) => {
      const { items } = await call<{ items?: ManagedResource[] | null }>("GET", applicationAddress(of, "/managed-resources"), undefined, signal);
      return (items ?? []).flatMap((item) => doomedOf(item, app.spec.syncPolicy?.syncOptions));
    },
    staleTime: 0,
    retry: false,
  });
}

function doomedOf({ group = "", kind, namespace = "", name, liveState = "null" }: ManagedResource, options: readonly string[] | undefined): DoomedObject[] {
  const live = JSON.parse(liveState || "null") as KubeObject | null;
  return live === null ? [] : [{ group, kind, namespace, name, kept: keptOnDeletion(live, options), confirms: confirmsDeletion(live, options), finalizers: live.metadata.finalizers ?? [] }];
}
