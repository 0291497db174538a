import type { Application } from "@trireme/api/argo";
import { sourcesOf } from "@trireme/gitops";
import type { Push } from "./payloads.ts";

/**
 * Whether a clone URL means the repository of a browser URL: any scheme and user, `ssh.` and `altssh.`
 * hosts, any port, `/` or `:` before the path, with or without `.git`.
 */
export function matchesRepository(cloneUrl: string, webUrl: string): boolean {
  const clone = placeOf(cloneUrl);
  const web = placeOf(webUrl);
  return clone !== undefined && web !== undefined && clone.host === web.host && clone.path === web.path;
}

const MAX_URL = 2048;

function placeOf(url: string): { host: string; path: string } | undefined {
  if (url.length > MAX_URL) return undefined;
  const match = /^(?:(?:https?|ssh):\/\/)?(?:[^@/:]+(?::[^@/]*)?@)?(?:(?:alt)?ssh\.)?([^/:]+)(?::\d+(?=\/))?[/:](.+?)(?:\.git)?\/*$/i.exec(url.trim());
  return match === null ? undefined : { host: match[1]!.toLowerCase(), path: match[2]!.toLowerCase() };
}

/** The repository URLs that applications use and that a push is about, as the applications write them. */
export function touchedRepositories(applications: readonly Application[], push: Push): Set<string> {
  const found = new Set<string>();
  const judged = new Map<string, boolean>();
  for (const app of applications) {
    const urls = sourcesOf(app.spec).map((source) => source.repoURL);
    const dry = app.spec.sourceHydrator?.["drySource"]?.repoURL;
    for (const url of typeof dry === "string" ? [...urls, dry] : urls) {
      let matches = judged.get(url);
      if (matches === undefined) {
        matches = push.webUrls.some((web) => matchesRepository(url, web));
        judged.set(url, matches);
      }
      if (matches) found.add(url);
    }
  }
  return found;
}
