import { canonicalJson, sha256 } from "../canonical-json.ts";
import type { RenderedSet } from "../render/types.ts";
import type { RecordedInput, RecordedInputs } from "../source/inputs.ts";
import type { LayeredStore } from "./layered-store.ts";

/** Renders of one cause that are remembered: branches, rollbacks, previews. */
const MOST_CANDIDATES = 16;

export interface CachedRender {
  /** Names the recorded inputs, and with them the set. */
  inputsKey: string;
  set: RenderedSet;
}

/**
 * The two levels. A *cause* (parameters, tool, path) leads to the inputs that renders of it looked at; inputs that still
 * hold lead to the set. Nothing is ever renamed to a new revision: it is found because it would be the same.
 */
export class RenderCache {
  readonly #store: LayeredStore;

  constructor(store: LayeredStore) {
    this.#store = store;
  }

  /** The set for a cause under trees that `holds` answers for. */
  async find(cause: string, holds: (inputs: RecordedInputs) => boolean): Promise<CachedRender | undefined> {
    for (const inputsKey of await this.#candidates(cause)) {
      const inputs = await this.inputs(inputsKey);
      if (inputs === undefined || !holds(inputs)) continue;
      const set = await this.#store.get(`sets/${inputsKey}`);
      if (set !== undefined) return { inputsKey, set: JSON.parse(set.toString("utf8")) as RenderedSet };
    }
    return undefined;
  }

  async add(cause: string, inputs: RecordedInputs, set: RenderedSet): Promise<string> {
    const inputsKey = sha256(cause, canonicalJson(inputs));
    // The set first: whoever finds the inputs finds it.
    await this.#store.set(`sets/${inputsKey}`, Buffer.from(JSON.stringify(set)));
    await this.#store.set(`inputs/${inputsKey}`, Buffer.from(JSON.stringify(encoded(inputs))));
    const candidates = [inputsKey, ...(await this.#candidates(cause)).filter((key) => key !== inputsKey)].slice(0, MOST_CANDIDATES);
    await this.#store.set(`causes/${cause}`, Buffer.from(JSON.stringify(candidates)));
    return inputsKey;
  }

  /** Remembers inputs that belong to no render of their own: what a source lends to others. */
  async addInputs(inputs: RecordedInputs): Promise<string> {
    const inputsKey = sha256("lent", canonicalJson(inputs));
    await this.#store.set(`inputs/${inputsKey}`, Buffer.from(JSON.stringify(encoded(inputs))));
    return inputsKey;
  }

  async inputs(inputsKey: string): Promise<RecordedInputs | undefined> {
    if (!/^[0-9a-f]{64}$/.test(inputsKey)) return undefined;
    const found = await this.#store.get(`inputs/${inputsKey}`);
    return found === undefined ? undefined : decoded(JSON.parse(found.toString("utf8")) as Encoded);
  }

  async #candidates(cause: string): Promise<string[]> {
    const found = await this.#store.get(`causes/${cause}`);
    return found === undefined ? [] : (JSON.parse(found.toString("utf8")) as string[]);
  }
}

interface Encoded {
  repositories: string[];
  entries: [number, RecordedInput["kind"], string, string][];
}

function encoded(inputs: RecordedInputs): Encoded {
  return { repositories: inputs.repositories, entries: inputs.entries.map((entry) => [entry.repository, entry.kind, entry.path, entry.value]) };
}

function decoded(text: Encoded): RecordedInputs {
  return { repositories: text.repositories, entries: text.entries.map(([repository, kind, path, value]) => ({ repository, kind, path, value })) };
}
