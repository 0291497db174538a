import { randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime/errors";
import { waited } from "@trireme/runtime/waited";
import type { KubeClient, WatchCache } from "./client.ts";
import { isAlreadyExists, isConflict, isNotFound } from "./errors.ts";
import { watchCache } from "./watch-cache.ts";

export interface LeaseOptions {
  namespace: string;
  name: string;
  /** The replica's stable name: after a restart it takes its own lease back at once. */
  identity: string;
  /** Without a renewal for so long, others take it. Default 15 s. */
  durationMs?: number;
  /** Default a third of the duration. */
  renewMs?: number;
  labels?: Record<string, string>;
  onAcquired?: () => void;
  onLost?: (why: string) => void;
}

/** A claim on a `coordination.k8s.io/v1` Lease. Disposing gives it back, so that another takes it at once. */
export interface Lease extends AsyncDisposable {
  readonly held: boolean;
  /** Aborted when the present holding ends; a new one for each holding. */
  readonly lost: AbortSignal;
  /** Whose it is now, as last seen; `undefined` when nobody's or unknown. */
  readonly holder: string | undefined;
  /** Resolves when it is ours. */
  acquired(signal?: AbortSignal): Promise<void>;
}

export interface LeaseObject extends KubeObject {
  spec?: { holderIdentity?: string; leaseDurationSeconds?: number; acquireTime?: string; renewTime?: string; leaseTransitions?: number };
}

/** Tells processes of one name apart: the one that claimed last holds it, the one before must stop. */
const PROCESS = "trireme.dev/process";
const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" };

/** Starts claiming. Needs get, list, watch, create and update on Leases of that namespace. */
export function lease(client: KubeClient, options: LeaseOptions): Lease {
  return new Claim(client, options);
}

class Claim implements Lease {
  readonly #client: KubeClient;
  readonly #options: LeaseOptions;
  readonly #durationMs: number;
  readonly #process = randomUUID();
  readonly #cache: WatchCache<LeaseObject>;
  #acquired = Promise.withResolvers<void>();
  #lost = AbortSignal.abort();
  #loose: (() => void) | undefined;
  /** When the record was last seen to change, by our own clock: clocks of other machines prove nothing. */
  #seen: { version: string | undefined; at: number } = { version: undefined, at: 0 };
  #renewedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<void> | undefined;
  #again = false;
  #closed = false;
  /** A newer process has our name: what is ours is its, for good. */
  #superseded = false;

  constructor(client: KubeClient, options: LeaseOptions) {
    this.#client = client;
    this.#options = options;
    this.#durationMs = options.durationMs ?? 15_000;
    this.#acquired.promise.catch(() => {});
    this.#cache = watchCache<LeaseObject>(client, LEASE, { namespace: options.namespace, fieldSelector: `metadata.name=${options.name}`, onState: () => this.#wake() });
    this.#cache.on(() => this.#wake());
  }

  get held(): boolean {
    return this.#loose !== undefined;
  }

  get lost(): AbortSignal {
    return this.#lost;
  }

  get holder(): string | undefined {
    return this.#cache.get(this.#options.namespace, this.#options.name)?.spec?.holderIdentity || undefined;
  }

  acquired(signal?: AbortSignal): Promise<void> {
    return waited(this.#acquired.promise, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#step;
    const held = this.held;
    this.#lose("it was given back");
    this.#acquired.reject(new AppError(`the claim on lease ${this.#options.name} was given up`, { reason: "LeaseClosed", code: Code.Canceled }));
    if (held) await this.#release().catch(() => {});
    await this.#cache[Symbol.asyncDispose]();
  }

  #wake(): void {
    if (this.#closed || !this.#cache.synced) return;
    if (this.#step) {
      this.#again = true;
      return;
    }
    this.#step = this.#look().finally(() => {
      this.#step = undefined;
      if (this.#again && !this.#closed) {
        this.#again = false;
        this.#wake();
      }
    });
  }

  async #look(): Promise<void> {
    const { namespace, name, identity, renewMs = this.#durationMs / 3 } = this.#options;
    const now = Date.now();
    const found = this.#cache.get(namespace, name);
    if (found?.metadata.resourceVersion !== this.#seen.version) this.#seen = { version: found?.metadata.resourceVersion, at: now };
    const holder = found?.spec?.holderIdentity || undefined;

    if (this.held && holder !== identity && found) this.#lose(holder ? `${holder} holds it` : "it was emptied");
    if (this.held && holder === identity && found?.metadata.annotations?.[PROCESS] !== this.#process) {
      this.#superseded = true;
      this.#lose(`another process named ${identity} took it`);
    }
    if (this.#superseded) return;
    // What we could not renew for its whole duration may be another's by now.
    if (this.held && now - this.#renewedAt >= this.#durationMs) this.#lose("it could not be renewed in time");

    const dueInMs = holder === identity || !holder ? (this.held ? this.#renewedAt + renewMs - now : 0) : this.#seen.at + (found?.spec?.leaseDurationSeconds ?? this.#durationMs / 1000) * 1000 - now;
    if (dueInMs > 0) return this.#wakeIn(dueInMs);
    try {
      await this.#take(found, identity, now);
      this.#wakeIn(renewMs);
    } catch (thrown) {
      if (!isConflict(thrown) && !isAlreadyExists(thrown) && !isNotFound(thrown) && this.held && Date.now() - this.#renewedAt >= this.#durationMs) this.#lose((thrown as Error).message);
      // Lost races bring an event; everything else is tried again, well within the duration.
      this.#wakeIn(Math.min(renewMs, this.#durationMs / 6));
    }
  }

  async #take(found: LeaseObject | undefined, identity: string, now: number): Promise<void> {
    const { namespace, name, labels } = this.#options;
    const time = new Date(now).toISOString().replace("Z", "000Z");
    const fresh = found?.spec?.holderIdentity !== identity;
    const spec = {
      ...found?.spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.max(1, Math.round(this.#durationMs / 1000)),
      renewTime: time,
      ...(fresh && { acquireTime: time, leaseTransitions: (found?.spec?.leaseTransitions ?? (found ? 0 : -1)) + 1 }),
    };
    const annotations = { ...found?.metadata.annotations, [PROCESS]: this.#process };
    const written: LeaseObject = found
      ? await this.#client.update<LeaseObject>({ ...found, apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { ...found.metadata, annotations }, spec })
      : await this.#client.create<LeaseObject>({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { namespace, name, annotations, ...(labels && { labels }) }, spec });
    this.#renewedAt = now;
    this.#seen = { version: written.metadata.resourceVersion, at: now };
    if (!this.held && !this.#closed) this.#hold();
    this.#cache.observe(written);
  }

  async #release(): Promise<void> {
    const found = this.#cache.get(this.#options.namespace, this.#options.name);
    if (!found || found.spec?.holderIdentity !== this.#options.identity) return;
    await this.#client.update<LeaseObject>({ ...found, spec: { ...found.spec, holderIdentity: "", leaseDurationSeconds: 1 } }, { signal: AbortSignal.timeout(2_000) });
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#wake(), Math.max(1, ms));
  }

  #hold(): void {
    const holding = new AbortController();
    this.#lost = holding.signal;
    this.#loose = () => holding.abort();
    this.#acquired.resolve();
    this.#options.onAcquired?.();
  }

  #lose(why: string): void {
    if (!this.#loose) return;
    this.#loose();
    this.#loose = undefined;
    this.#acquired = Promise.withResolvers<void>();
    this.#acquired.promise.catch(() => {});
    this.#options.onLost?.(why);
  }
}
