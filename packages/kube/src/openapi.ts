import { apiVersionOf } from "@trireme/api";
import { waited } from "@trireme/runtime/waited";
import type { OpenApiDocument } from "./client.ts";
import { KindNotServedError } from "./errors.ts";
import type { Transport } from "./transport.ts";

interface Index {
  paths?: Record<string, { serverRelativeURL: string }>;
}

/** How long the index of hashes is believed; documents themselves are kept as long as their hash stands in it. */
const INDEX_MS = 60_000;

/** OpenAPI v3 documents of one cluster, fetched once per content hash. */
export class OpenApiStore {
  readonly #transport: Transport;
  readonly #documents = new Map<string, { url: string; document: Promise<OpenApiDocument> }>();
  #index: { at: number; value: Promise<Index> } | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A CRD or APIService changed: ask for the hashes again at the next use. */
  forget(): void {
    this.#index = undefined;
  }

  async document(gv: { group: string; version: string }, signal?: AbortSignal): Promise<OpenApiDocument> {
    const key = gv.group === "" ? `api/${gv.version}` : `apis/${gv.group}/${gv.version}`;
    const index = await waited(this.#hashes(), signal);
    const url = index.paths?.[key]?.serverRelativeURL;
    const { cluster } = this.#transport;
    if (url === undefined) throw new KindNotServedError(`${cluster} publishes no OpenAPI document of ${apiVersionOf(gv)}`, { cluster, group: gv.group, kind: "", unknown: false });
    const held = this.#documents.get(key);
    if (held?.url === url) return waited(held.document, signal);

    const { pathname, searchParams } = new URL(url, "http://server");
    const document = this.#transport.json<OpenApiDocument>({ method: "GET", path: pathname, query: Object.fromEntries(searchParams) });
    this.#documents.set(key, { url, document });
    // A failure is not an answer: the next caller asks again.
    document.catch(() => this.#documents.get(key)?.document === document && this.#documents.delete(key));
    return waited(document, signal);
  }

  #hashes(): Promise<Index> {
    if (this.#index && Date.now() - this.#index.at < INDEX_MS) return this.#index.value;
    const value = this.#transport.json<Index>({ method: "GET", path: "/openapi/v3" });
    const entry = { at: Date.now(), value };
    this.#index = entry;
    value.catch(() => {
      if (this.#index === entry) this.#index = undefined;
    });
    return value;
  }
}
