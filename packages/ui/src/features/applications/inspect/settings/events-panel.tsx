import { useQuery } from "@tanstack/react-query";
import { call } from "../../../../api/client.ts";
import { applicationAddress } from "../../details/use-application.ts";
import { EventList, type KubeEvent } from "../event-list.tsx";
import type { PanelProps } from "../panels.tsx";

/** What was noted about the application itself. */
export default function EventsPanel({ of, app }: PanelProps) {
  const { data, error } = useQuery({
    queryKey: ["application", of.namespace, of.name, "events", app.metadata.resourceVersion],
    queryFn: async ({ signal }) => (await call<{ items?: KubeEvent[] | null }>("GET", applicationAddress(of, "/events"), undefined, signal)).items ?? [],
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 10_000,
  });
  return <EventList events={data} error={error} />;
}
