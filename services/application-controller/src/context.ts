import { readFile } from "node:fs/promises";
import { IN_CLUSTER } from "@trireme/api";
import { createKubeClient, loadKubeconfig, type KubeClient, type KubeResponseEvent } from "@trireme/kube";
import { createProducer, parseRedisAddress, type Producer, type RedisAddress } from "@trireme/queue";
import { createClient, repository } from "@trireme/rpc";
import { createMetrics, generateKeysText, parseKeys, redactionHash, seal, systemClock, TimerWheel, unseal, type Clock, type Logger, type Metrics } from "@trireme/runtime";
import type { Config } from "./config.ts";
import { requestMetrics } from "./kube-requests.ts";
import type { Sealing } from "./releases/stored-set.ts";

/** What the controller's code may reach. Tests hand in their own parts. */
export interface Context {
  log: Logger;
  metrics: Metrics;
  clock: Clock;
  wheel: TimerWheel;
  /** The cluster that holds the control plane. */
  control: KubeClient;
  /** Told of every answer of an API server. */
  answered(event: KubeResponseEvent): void;
  repositories: repository.RepositoryClient;
  redis: RedisAddress | undefined;
  producer: Producer | undefined;
  /** Stands in for a Secret's value: equal values, equal hashes. */
  redact(value: string | Uint8Array): string;
  /** Closes what is stored, and opens it again. */
  sealing: Sealing;
  random(): number;
  close(): Promise<void>;
}

export async function createContext(config: Config, given: Partial<Context> & { log: Logger }): Promise<Context> {
  const { log } = given;
  const clock = given.clock ?? systemClock;
  const keys = parseKeys(config.keysFile === undefined ? generateKeysText() : await readFile(config.keysFile, "utf8"), config.keysFile ?? "generated keys");
  const metrics = given.metrics ?? createMetrics({ processMetrics: true });
  const answered = given.answered ?? requestMetrics(metrics);
  const control = given.control ?? createKubeClient({ cluster: IN_CLUSTER, onResponse: answered, connection: await loadKubeconfig(config.kubeconfig), userAgent: "trireme-application-controller" });
  const client = given.repositories === undefined ? createClient<repository.RepositoryClient>(repository.REPOSITORY_SERVICE, config.repoServer.address, { deadlineMs: config.repoServer.timeoutMs, ...(config.tls && { tls: config.tls, peer: "repo-server" }) }) : undefined;
  const redis = config.redis === undefined ? undefined : { ...parseRedisAddress(config.redis.address), db: config.redis.db, ...(config.redis.password !== undefined && { password: config.redis.password }) };
  const producer = given.producer ?? (redis === undefined ? undefined : createProducer({ redis, log, ...(config.redis?.prefix !== undefined && { prefix: config.redis.prefix }) }));
  const wheel = given.wheel ?? new TimerWheel(clock);
  return {
    log,
    metrics,
    clock,
    wheel,
    control,
    answered,
    repositories: given.repositories ?? client!,
    redis,
    producer,
    redact: given.redact ?? ((value) => redactionHash(keys, value)),
    sealing: given.sealing ?? { seal: (plain, context) => seal(keys, plain, context), unseal: (sealed, context) => unseal(keys, sealed, context) },
    random: given.random ?? Math.random,
    async close() {
      wheel[Symbol.dispose]();
      client?.[Symbol.dispose]();
      await Promise.allSettled([producer?.[Symbol.asyncDispose](), control.close()]);
    },
  };
}
