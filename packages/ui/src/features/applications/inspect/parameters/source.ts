import type { ApplicationSource } from "@trireme/api/argo";

type Helm = NonNullable<ApplicationSource["helm"]>;
type HelmParameter = NonNullable<Helm["parameters"]>[number];

/** One parameter of a chart: what the chart says, and what the application says instead. */
export interface ParameterRow {
  name: string;
  /** Undefined: the chart has no such parameter. */
  original: string | undefined;
  override: string | undefined;
  forceString: boolean;
}

/** The chart's parameters and the application's own, by name. */
export function parameterRows(chart: readonly { name?: string; value?: string }[], source: ApplicationSource): ParameterRow[] {
  const overrides = new Map((source.helm?.parameters ?? []).map((one) => [one.name ?? "", one]));
  const originals = new Map(chart.map(({ name = "", value = "" }) => [name, value]));
  return [...new Set([...originals.keys(), ...overrides.keys()])].sort().map((name) => ({ name, original: originals.get(name), override: overrides.get(name)?.value, forceString: overrides.get(name)?.forceString === true }));
}

/** Sets or (undefined) takes back one override; the others keep their order. */
export function withHelmParameter(source: ApplicationSource, name: string, value: string | undefined): ApplicationSource {
  const before = source.helm?.parameters ?? [];
  const known = before.find((one) => one.name === name);
  const changed: HelmParameter | undefined = value === undefined ? undefined : { ...known, name, value };
  const parameters = known === undefined ? [...before, ...(changed ? [changed] : [])] : before.flatMap((one) => (one.name !== name ? [one] : changed ? [changed] : []));
  return withHelm(source, { parameters: parameters.length > 0 ? parameters : undefined });
}

/** Sets fields of a source's Helm settings; undefined ones go, and settings that say nothing too. */
export function withHelm(source: ApplicationSource, changes: { [K in keyof Helm]?: Helm[K] | undefined }): ApplicationSource {
  return withBlock(source, "helm", changes);
}

export function withBlock<K extends "helm" | "kustomize" | "directory" | "plugin">(source: ApplicationSource, block: K, changes: object): ApplicationSource {
  const { [block]: before, ...rest } = source;
  const fields = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0));
  return (fields.length === 0 ? rest : { ...rest, [block]: Object.fromEntries(fields) }) as ApplicationSource;
}

/** One image of a kustomization. */
export interface ImageRow {
  /** What the manifests call it. */
  name: string;
  /** As the kustomization has it. */
  original: string | undefined;
  /** What the application says: an image, with tag or digest. */
  override: string | undefined;
}

/** The images of a kustomization and the application's overrides, by name. */
export function imageRows(images: readonly string[], source: ApplicationSource): ImageRow[] {
  const originals = new Map(images.map((image) => [imageName(image), image]));
  const overrides = new Map((source.kustomize?.images ?? []).map((image) => overrideOf(image)));
  return [...new Set([...originals.keys(), ...overrides.keys()])].sort().map((name) => ({ name, original: originals.get(name), override: overrides.get(name) }));
}

/** Sets or (undefined) takes back the override of one image, written as Kustomize reads it: `name=new:tag`, or `name:tag`. */
export function withImage(source: ApplicationSource, name: string, image: string | undefined): ApplicationSource {
  const others = (source.kustomize?.images ?? []).filter((one) => overrideOf(one)[0] !== name);
  const images = image === undefined || image === "" ? others : [...others, imageName(image) === name ? image : `${name}=${image}`];
  return withBlock(source, "kustomize", { images });
}

function overrideOf(text: string): [name: string, image: string] {
  const equals = text.indexOf("=");
  return equals < 0 ? [imageName(text), text] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Without tag and digest; a registry's port is not a tag. */
function imageName(image: string): string {
  const [name = ""] = image.split("@");
  return name.replace(/:[^/:]*$/, "");
}
