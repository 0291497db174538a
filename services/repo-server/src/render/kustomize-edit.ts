import { AppError, Code } from "@trireme/runtime";
import type { KustomizeSource } from "../source/application-source.ts";
import type { BuildEnvironment } from "./environment.ts";
import { isRecord } from "./manifest-objects.ts";

type Kustomization = Record<string, unknown>;

/** Which overrides there are, in the order in which they are applied; empty: the file stays as it is. */
export function hasEdits(source: KustomizeSource): boolean {
  return Boolean(source.namePrefix || source.nameSuffix || source.namespace || source.images?.length || source.replicas?.length || source.patches?.length || source.components?.length || Object.keys(source.commonLabels ?? {}).length || Object.keys(source.commonAnnotations ?? {}).length);
}

/**
 * Applies an application's overrides to a kustomization as `kustomize edit` would, and says so in its commands.
 * `componentExists` answers for paths relative to the kustomization.
 */
export function editKustomization(original: Kustomization, source: KustomizeSource, env: BuildEnvironment, componentExists: (path: string) => boolean): { edited: Kustomization; commands: string[] } {
  const edited: Kustomization = JSON.parse(JSON.stringify(original)) as Kustomization;
  const commands: string[] = [];
  const did = (...words: string[]): void => void commands.push(["kustomize", "edit", ...words].map(quoted).join(" "));

  if (source.namePrefix) {
    edited["namePrefix"] = source.namePrefix;
    did("set", "nameprefix", "--", source.namePrefix);
  }
  if (source.nameSuffix) {
    edited["nameSuffix"] = source.nameSuffix;
    did("set", "namesuffix", "--", source.nameSuffix);
  }
  if (source.images?.length) {
    const images = source.images.map((image) => env.substitute(image));
    edited["images"] = withImages(list(edited, "images"), images.map(parseImage));
    did("set", "image", ...images);
  }
  if (source.replicas?.length) {
    const replicas = source.replicas.map(({ name, count }) => ({ name, count: wholeNumber(count, name) }));
    edited["replicas"] = [...list(edited, "replicas").filter((one) => !replicas.some(({ name }) => isRecord(one) && one["name"] === name)), ...replicas];
    did("set", "replicas", ...replicas.map(({ name, count }) => `${name}=${count}`));
  }
  const labels = Object.entries(source.commonLabels ?? {}).map(([name, value]) => [name, env.substitute(value)] as const);
  if (labels.length > 0) {
    addLabels(edited, Object.fromEntries(labels), source);
    did("add", "label", ...(source.forceCommonLabels === true ? ["--force"] : []), ...(source.labelWithoutSelector === true ? ["--without-selector"] : []), ...(source.labelIncludeTemplates === true ? ["--include-templates"] : []), ...labels.map(([name, value]) => `${name}:${value}`));
  }
  const annotations = Object.entries(source.commonAnnotations ?? {}).map(([name, value]) => [name, source.commonAnnotationsEnvsubst === true ? env.substitute(value) : value] as const);
  if (annotations.length > 0) {
    edited["commonAnnotations"] = merged(map(edited, "commonAnnotations"), Object.fromEntries(annotations), source.forceCommonAnnotations === true, "annotation");
    did("add", "annotation", ...(source.forceCommonAnnotations === true ? ["--force"] : []), ...annotations.map(([name, value]) => `${name}:${value}`));
  }
  if (source.namespace) {
    edited["namespace"] = source.namespace;
    did("set", "namespace", "--", source.namespace);
  }
  if (source.patches?.length) {
    edited["patches"] = [...list(edited, "patches"), ...source.patches];
    commands.push("# kustomization.yaml updated with patches. There is no `kustomize edit` command for adding patches. In order to generate the manifests in your local environment, you will need to copy the patches into kustomization.yaml manually.");
  }
  const components = (source.components ?? []).filter((component) => source.ignoreMissingComponents !== true || componentExists(component));
  if (components.length > 0) {
    const known = list(edited, "components");
    edited["components"] = [...known, ...components.filter((component) => !known.includes(component))];
    did("add", "component", ...components);
  }
  return { edited, commands };
}

export interface KustomizeImage {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/** `[old=]new[:tag][@digest]`; `*` keeps what the file says. */
export function parseImage(text: string): KustomizeImage {
  const equals = text.indexOf("=");
  const target = equals === -1 ? text : text.slice(equals + 1);
  const at = target.indexOf("@");
  const digest = at === -1 ? undefined : target.slice(at + 1);
  const rest = at === -1 ? target : target.slice(0, at);
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  const name = tagged ? rest.slice(0, colon) : rest;
  const tag = tagged ? rest.slice(colon + 1) : undefined;
  if (name === "" || (equals === -1 && digest === undefined && tag === undefined)) {
    throw new AppError(`kustomize image ${JSON.stringify(text)} is none of <image>=<newimage>:<newtag>, <image>=<newimage>@<digest>, <image>=<newimage>, <image>:<newtag>, <image>@<digest>`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  }
  return {
    name: equals === -1 ? name : text.slice(0, equals),
    ...(equals === -1 ? {} : { newName: name }),
    ...(tag === undefined ? {} : { newTag: tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function withImages(present: unknown[], wanted: readonly KustomizeImage[]): unknown[] {
  const byName = new Map<unknown, unknown>(present.map((image) => [isRecord(image) ? image["name"] : image, image]));
  for (const image of wanted) {
    const before = byName.get(image.name);
    const keep = (field: keyof KustomizeImage): Partial<KustomizeImage> => (image[field] === "*" ? (isRecord(before) && before[field] !== undefined ? { [field]: before[field] as string } : { [field]: undefined }) : {});
    byName.set(image.name, Object.fromEntries(Object.entries({ ...image, ...keep("newName"), ...keep("newTag"), ...keep("digest") }).filter(([, value]) => value !== undefined)));
  }
  return [...byName.values()];
}

function addLabels(edited: Kustomization, labels: Record<string, string>, source: KustomizeSource): void {
  const force = source.forceCommonLabels === true;
  if (source.labelWithoutSelector !== true) {
    edited["commonLabels"] = merged(map(edited, "commonLabels"), labels, force, "label");
    return;
  }
  const includeTemplates = source.labelIncludeTemplates === true;
  const groups = list(edited, "labels");
  const same = groups.find((group) => isRecord(group) && group["includeSelectors"] !== true && (group["includeTemplates"] === true) === includeTemplates && group["fields"] === undefined) as Record<string, unknown> | undefined;
  if (same !== undefined) same["pairs"] = merged(map(same, "pairs"), labels, force, "label");
  else groups.push({ pairs: labels, ...(includeTemplates ? { includeTemplates: true } : {}) });
  edited["labels"] = groups;
}

function merged(present: Record<string, unknown>, added: Record<string, string>, force: boolean, what: string): Record<string, unknown> {
  const taken = Object.keys(added).find((name) => name in present);
  if (taken !== undefined && !force) throw new AppError(`${what} ${taken} already in kustomization file`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  return { ...present, ...added };
}

function list(value: Kustomization, field: string): unknown[] {
  const found = value[field] ?? [];
  if (!Array.isArray(found)) throw new AppError(`expected '${field}' field in kustomization.yaml to be a list`, { reason: "ManifestInvalid", code: Code.Unknown, retry: "never" });
  return found;
}

function map(value: Record<string, unknown>, field: string): Record<string, unknown> {
  const found = value[field] ?? {};
  if (!isRecord(found)) throw new AppError(`expected '${field}' field in kustomization.yaml to be a map`, { reason: "ManifestInvalid", code: Code.Unknown, retry: "never" });
  return found;
}

function wholeNumber(count: number | string, name: string): number {
  const value = Number(count);
  if (!Number.isInteger(value) || String(count).trim() === "") throw new AppError(`kustomize replicas of ${name}: expected integer value for count. Received: ${JSON.stringify(count)}`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  return value;
}

export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
