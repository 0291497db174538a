import { useQuery } from "@tanstack/react-query";
import { call } from "./client.ts";

/** What the server says of itself; without a right to see anything, only what stands around signing in. */
export interface ServerSettings {
  /** Absent to those who may see nothing yet. */
  controllerNamespace?: string;
  syncWithReplaceAllowed?: boolean;
  passwordPattern?: string;
  kustomizeVersions?: string[] | null;
  statusBadgeEnabled?: boolean;
  statusBadgeRootUrl?: string;
  uiCssURL?: string;
  uiBannerContent?: string;
  uiBannerURL?: string;
  uiBannerPermanent?: boolean;
  uiBannerPosition?: string;
  help?: { chatUrl?: string; chatText?: string; binaryUrls?: Record<string, string> | null };
}

export const SERVER_SETTINGS = ["server-settings"];

export function useServerSettings() {
  return useQuery({ queryKey: SERVER_SETTINGS, queryFn: ({ signal }) => call<ServerSettings>("GET", "api/v1/settings", undefined, signal), staleTime: 300_000 });
}
