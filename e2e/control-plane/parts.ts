import { kill, start, type Running } from "./processes.ts";

export type Part = "etcd" | "kube-apiserver" | "kube-controller-manager";

interface Known {
  recipe: { binary: string; args: readonly string[] };
  running: Running;
  /** Ended by us: that is no news. */
  killed: boolean;
}

/** The processes of one control plane, each with what it takes to start it again. */
export class Parts {
  /** Settles when a part ends that nobody killed, saying which and how. */
  readonly ended: Promise<string>;
  readonly #dir: string;
  readonly #detached: boolean;
  readonly #known = new Map<Part, Known>();
  readonly #end: (how: string) => void;

  constructor(dir: string, detached: boolean) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#dir = dir;
    this.#detached = detached;
    this.ended = promise;
    this.#end = resolve;
  }

  get names(): Part[] {
    return [...this.#known.keys()];
  }

  get pids(): Record<string, number> {
    return this.#each((running) => running.pid);
  }

  get logs(): Record<string, string> {
    return this.#each((running) => running.logFile);
  }

  async start(name: Part, binary: string, args: readonly string[]): Promise<void> {
    const running = await start(name, binary, args, { dir: this.#dir, detached: this.#detached });
    const known: Known = { recipe: { binary, args }, running, killed: false };
    this.#known.set(name, known);
    void running.ended.then((how) => {
      if (!known.killed) this.#end(how);
    });
  }

  async kill(...names: readonly Part[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const known = this.#part(name);
        known.killed = true;
        await kill(known.running);
        // Until we have heard of its end it is still listed, as a zombie. A detached one is not ours to wait for.
        if (!this.#detached) await known.running.ended;
      }),
    );
  }

  async revive(...names: readonly Part[]): Promise<void> {
    for (const name of names) {
      const { recipe, killed } = this.#part(name);
      if (!killed) throw new Error(`${name} was not killed`);
      await this.start(name, recipe.binary, recipe.args);
    }
  }

  #part(name: Part): Known {
    const known = this.#known.get(name);
    if (known === undefined) throw new Error(`there is no ${name} in this control plane; there are ${this.names.join(", ")}`);
    return known;
  }

  #each<T>(look: (running: Running) => T): Record<string, T> {
    return Object.fromEntries([...this.#known].map(([name, { running }]) => [name, look(running)]));
  }
}
