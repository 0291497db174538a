import type { ManifestObject } from "./manifest-objects.ts";
import type { RenderedObject } from "./types.ts";

interface Identity {
  apiVersion: string;
  kind: string;
  name: string;
  namespace: string;
}

/** Which file and document each built object began as: by kind and name, prefix and suffix taken off. */
export function matchProvenance(built: readonly ManifestObject[], sources: readonly { file: string; objects: readonly ManifestObject[] }[], affixes: { prefix: string; suffix: string }): RenderedObject[] {
  const known = sources.flatMap(({ file, objects }) => objects.map((object) => ({ file, object, identity: identityOf(object) })));
  return built.map((object) => {
    const wanted = identityOf(object);
    const sameKind = known.filter(({ identity }) => identity.kind === wanted.kind && groupOf(identity) === groupOf(wanted));
    const names = [wanted.name, without(wanted.name, affixes)];
    const matches = sameKind.filter(({ identity }) => names.includes(identity.name));
    const exact = matches.length > 1 ? matches.filter(({ identity }) => identity.namespace === wanted.namespace) : matches;
    // Prefixes of bases further down are not known here: the only one whose name is part of the built one will do.
    const inside = exact.length === 0 ? sameKind.filter(({ identity }) => identity.name !== "" && wanted.name.includes(identity.name)) : exact;
    const found = inside.length === 1 ? inside[0] : undefined;
    const place = found === undefined ? { file: "", document: 0, line: 0, fieldLines: "" } : { file: found.file, document: found.object.document, line: found.object.line, fieldLines: found.object.fieldLines };
    return { json: object.json, hash: object.hash, ...place };
  });
}

function identityOf(object: ManifestObject): Identity {
  const { apiVersion = "", kind = "", metadata } = JSON.parse(object.json) as { apiVersion?: string; kind?: string; metadata?: { name?: string; namespace?: string } };
  return { apiVersion, kind, name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
}

function groupOf({ apiVersion }: Identity): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

function without(name: string, { prefix, suffix }: { prefix: string; suffix: string }): string {
  const end = suffix !== "" && name.endsWith(suffix) ? name.length - suffix.length : name.length;
  return name.slice(prefix !== "" && name.startsWith(prefix) ? prefix.length : 0, end);
}
