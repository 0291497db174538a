import { useQuery } from "@tanstack/react-query";
import { call } from "../../../api/client.ts";
import { applicationAddress, type ApplicationName } from "../details/use-application.ts";

export interface RevisionMetadata {
  author?: string;
  date?: string;
  message?: string;
  tags?: string[] | null;
  signatureInfo?: string;
}

/** Who made a commit, when and why. */
export function useRevision(of: ApplicationName, revision: string | undefined, position: { sourceIndex: number; versionId?: number }) {
  return useQuery({
    queryKey: ["revision", of.namespace, of.name, revision, position.sourceIndex, position.versionId],
    enabled: revision !== undefined && revision !== "",
    queryFn: ({ signal }) => call<RevisionMetadata>("GET", applicationAddress(of, `/revisions/${encodeURIComponent(revision!)}/metadata`, { sourceIndex: String(position.sourceIndex), ...(position.versionId !== undefined && { versionId: String(position.versionId) }) }), undefined, signal),
    staleTime: Infinity,
    retry: false,
  });
}
