import type { ApplicationSource } from "@trireme/api/argo";

/** `manifest-generate-paths` of an application, each relative to the repository's root. */
export function generatePaths(annotation: string | undefined, source: ApplicationSource): string[] {
  if (annotation === undefined || annotation.trim() === "") return [];
  return annotation
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("/") ? part.slice(1) : normalize(`${source.path ?? ""}/${part}`)));
}

function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") out.pop();
    else if (part !== "" && part !== ".") out.push(part);
  }
  return out.join("/");
}
