import type { KubeObject } from "@trireme/api";

/** One version of one object: its text, made once, and the object itself, which is never changed after it was stored. */
export interface Stored {
  readonly key: string;
  readonly object: KubeObject;
  readonly json: string;
  readonly revision: number;
}

/**
 * A version that keeps its text and reads the object from it again when somebody looks: as objects, what nobody looks
 * at would take three times the room.
 */
export class Version implements Stored {
  readonly key: string;
  readonly json: string;
  readonly revision: number;
  readonly #recent: Recent;
  #object: KubeObject | undefined;

  constructor(recent: Recent, key: string, json: string, revision: number, object?: KubeObject) {
    this.#recent = recent;
    this.key = key;
    this.json = json;
    this.revision = revision;
    this.#object = object;
    if (object) recent.add(this);
  }

  get object(): KubeObject {
    if (!this.#object) {
      this.#object = JSON.parse(this.json) as KubeObject;
      this.#recent.add(this);
    }
    return this.#object;
  }

  /** Only the text stays. */
  fold(): void {
    this.#object = undefined;
  }
}

/** The versions whose objects are at hand; each new one pushes out the oldest. */
export class Recent {
  readonly #ring: (Version | undefined)[];
  #next = 0;

  constructor(size: number) {
    this.#ring = Array.from({ length: size });
  }

  add(version: Version): void {
    this.#ring[this.#next]?.fold();
    this.#ring[this.#next] = version;
    this.#next = (this.#next + 1) % this.#ring.length;
  }
}
