import { ByteLru } from "@trireme/git";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import type { RenderedSet } from "../render/types.ts";
import type { RecordedInput, RecordedInputs } from "../source/inputs.ts";
import type { LayeredStore } from "./layered-store.ts";

/** Renders of one cause that are remembered: branches, rollbacks, previews. */
const MOST_CANDIDATES = 16;
const INPUTS_BYTES = 24 * 1024 * 1024;

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
  /** Decoded: every commit asks all of them whether it touches them. */
  readonly #inputs = new ByteLru<string, RecordedInputs>(INPUTS_BYTES);

  constructor(store: LayeredStore) {
    this.#store = store;
  }

  /** The set for a cause under trees that `holds` answers for. */
  async find(cause: string, holds: (inputs: RecordedInputs) => boolean): Promise<CachedRender | undefined> {
    for (const inputsKey of await this.#candidates(cause)) {
      const inputs = await this.inputs(inputsKey);
      if (inputs === undefined || !holds(inputs)) continue;
      const record = await this.#store.get(`renders/${inputsKey}`);
      if (record !== undefined) return { inputsKey, set: JSON.parse(record.toString("utf8", record.indexOf("\n") + 1)) as RenderedSet };
    }
    return undefined;
  }

  async add(cause: string, inputs: RecordedInputs, set: RenderedSet): Promise<string> {
    const inputsKey = sha256(cause, canonicalJson(inputs));
    // A line with the inputs, then the set: whoever has one has the other.
    this.#store.set(`renders/${inputsKey}`, Buffer.from(`${JSON.stringify(encoded(inputs))}\n${JSON.stringify(set)}`));
    this.#remember(inputsKey, inputs);
    const candidates = [inputsKey, ...(await this.#candidates(cause)).filter((key) => key !== inputsKey)].slice(0, MOST_CANDIDATES);
    this.#store.set(`causes/${cause}`, Buffer.from(JSON.stringify(candidates)));
    return inputsKey;
  }

  /** Remembers inputs that belong to no render of their own: what a source lends to others. */
  addInputs(inputs: RecordedInputs): string {
    const inputsKey = sha256("lent", canonicalJson(inputs));
    this.#store.set(`renders/${inputsKey}`, Buffer.from(`${JSON.stringify(encoded(inputs))}\n`));
    this.#remember(inputsKey, inputs);
    return inputsKey;
  }

  async inputs(inputsKey: string): Promise<RecordedInputs | undefined> {
    const known = this.#inputs.get(inputsKey);
    if (known !== undefined) return known;
    if (!/^[0-9a-f]{64}$/.test(inputsKey)) return undefined;
    const record = await this.#store.get(`renders/${inputsKey}`);
    if (record === undefined) return undefined;
    const inputs = decoded(JSON.parse(record.toString("utf8", 0, record.indexOf("\n"))) as Encoded);
    this.#remember(inputsKey, inputs);
    return inputs;
  }

  #remember(inputsKey: string, inputs: RecordedInputs): void {
    this.#inputs.set(inputsKey, inputs, 200 + inputs.entries.reduce((sum, { path, value }) => sum + path.length + value.length + 120, 0));
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
