import { Annotation } from "../annotations.ts";
import type { Application, ApplicationStatus } from "@trireme/api/argo";
import type { ResourceNode } from "./node.ts";

/** What an application's status says of its tree: images and addresses, sorted, each once; nothing where there are none. */
export function summaryOf(nodes: readonly ResourceNode[], app: Application): NonNullable<ApplicationStatus["summary"]> {
  const urls = new Set(nodes.flatMap((node) => node.networkingInfo?.externalURLs ?? []));
  for (const [name, value] of Object.entries(app.metadata.annotations ?? {})) if (name.startsWith(Annotation.LinkPrefix)) urls.add(value);
  const images = new Set(nodes.flatMap((node) => node.images ?? []));
  const isAppOfApps = nodes.some((node) => node.group === "argoproj.io" && node.kind === "Application");
  return { ...(urls.size > 0 && { externalURLs: [...urls].sort() }), ...(images.size > 0 && { images: [...images].sort() }), ...(isAppOfApps && { isAppOfApps }) };
}
