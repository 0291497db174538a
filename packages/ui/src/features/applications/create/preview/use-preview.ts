import { useQuery } from "@tanstack/react-query";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import type { FieldDifference } from "../../inspect/differences/use-differences.ts";

/** POST /api/trireme/v1/preview. */
export interface PreviewAnswer {
  items?: PreviewedObject[] | null;
  revisions?: string[] | null;
  sourceTypes?: string[] | null;
  conditions?: { type: string; message: string }[] | null;
  /** There is another application of this name. */
  exists?: boolean;
}

export interface PreviewedObject {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  state: "New" | "Same" | "Modified" | "RequiresPruning" | "Hook";
  /** JSON. */
  desired?: string;
  live?: string;
  fields?: FieldDifference[] | null;
  hooks?: string[] | null;
  /** Another application that has it. */
  owner?: string;
  /** Why the project or the cluster does not take it. */
  problem?: string;
}

/** What an application would make of its cluster; asked anew each time that somebody looks. */
export function usePreview(app: Application) {
  const application = JSON.stringify(app);
  return useQuery({ queryKey: ["preview", application], queryFn: ({ signal }) => call<PreviewAnswer>("POST", "api/trireme/v1/preview", { application }, signal), staleTime: 0, gcTime: 0, retry: false });
}
