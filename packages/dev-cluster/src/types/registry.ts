import { builtInTypes } from "./built-in.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

/** Every resource served now: the built-in ones, and those of established CRDs as they come and go. */
export class TypeRegistry {
  readonly #types = new Map<string, ResourceType>();
  readonly #byKind = new Map<string, ResourceType>();
  readonly #listeners = new Set<() => void>();
  /** Grows with every change; discovery documents are cached under it. */
  generation = 0;

  constructor() {
    for (const type of builtInTypes()) this.#add(type);
  }

  find(group: string, version: string, resource: string): ResourceType | undefined {
    return this.#types.get(`${group}/${version}/${resource}`);
  }

  ofKind(group: string, version: string, kind: string): ResourceType | undefined {
    return this.#byKind.get(`${group}/${version}/${kind}`);
  }

  /** Any served version of the resource. */
  anyVersion(group: string, resource: string): ResourceType | undefined {
    for (const type of this.#types.values()) if (type.group === group && type.resource === resource) return type;
    return undefined;
  }

  all(): ResourceType[] {
    return [...this.#types.values()];
  }

  hasGroupVersion(group: string, version: string): boolean {
    return this.all().some((type) => type.group === group && type.version === version);
  }

  /** Replaces what a CRD serves. */
  setCustom(crdName: string, types: readonly ResourceType[]): void {
    for (const type of this.all()) if (type.custom?.crdName === crdName) this.#remove(type);
    for (const type of types) this.#add(type);
    this.generation++;
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #add(type: ResourceType): void {
    this.#types.set(`${apiKey(type)}/${type.resource}`, type);
    this.#byKind.set(`${apiKey(type)}/${type.kind}`, type);
  }

  #remove(type: ResourceType): void {
    this.#types.delete(`${apiKey(type)}/${type.resource}`);
    this.#byKind.delete(`${apiKey(type)}/${type.kind}`);
  }
}

function apiKey(type: ResourceType): string {
  return `${type.group}/${type.version}`;
}

export { apiVersionOf };
