import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { objectKey } from "../../details/tree.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { EventList, type KubeEvent } from "../event-list.tsx";
import type { Subject } from "../subject.ts";

/** What Kubernetes noted about one object. */
export function Events({ of, subject }: { of: ApplicationName; subject: Subject }) {
  const { namespace = "", name, node } = subject;
  const { data, error } = useQuery({
    queryKey: ["resource", of.namespace, of.name, objectKey(subject), node?.uid, "events", node?.resourceVersion],
    queryFn: async ({ signal }) => (await call<{ items?: KubeEvent[] | null }>("GET", applicationAddress(of, "/events", { resourceNamespace: namespace, resourceName: name, resourceUID: node?.uid }), undefined, signal)).items ?? [],
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 10_000,
  });
  return <EventList events={data} error={error} />;
}
