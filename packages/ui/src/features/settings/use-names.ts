import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";

/** Names of the projects that the reader may see. */
export function useProjectNames(): string[] {
  const { data } = useQuery({ queryKey: ["projects", "names"], queryFn: ({ signal }) => call<{ items?: { metadata: { name: string } }[] | null }>("GET", "api/v1/projects?fields=items.metadata.name", undefined, signal) });
  return (data?.items ?? []).map(({ metadata }) => metadata.name);
}
