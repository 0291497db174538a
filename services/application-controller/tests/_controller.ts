import { createHash } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { createLogger, generateKeysText, parseKeys, seal, unseal } from "@trireme/runtime";
import type { repository } from "@trireme/rpc";
import { readConfig } from "../src/config.ts";
import { createContext } from "../src/context.ts";
import type { Sealing } from "../src/releases/stored-set.ts";
import { startApplicationController, type ApplicationController } from "../src/server.ts";
import { TestCluster } from "./_cluster.ts";

/** A repository whose one branch holds objects; each commit is a new revision. */
export class TestRepository {
  objects: KubeObject[] = [];
  /** What a render past the caches gives, when that is something else. */
  uncached: KubeObject[] | undefined;
  failure: Error | undefined;
  readonly #history = new Map<string, KubeObject[]>();
  #commits = 0;

  commit(...objects: KubeObject[]): string {
    this.objects = objects;
    this.#commits++;
    this.#history.set(this.revision, objects);
    return this.revision;
  }

  get revision(): string {
    return createHash("sha1").update(String(this.#commits)).digest("hex");
  }

  client(): repository.RepositoryClient {
    const that = this;
    return {
      async *render(request: { noCache?: boolean; knownDigest?: string; sources?: { revision?: string }[] }) {
        if (that.failure !== undefined) throw that.failure;
        const revision = request.sources?.[0]?.revision || that.revision;
        const pinned = revision === that.revision ? undefined : that.#history.get(revision);
        const objects = pinned ?? (request.noCache === true ? that.uncached : undefined) ?? that.objects;
        const digest = createHash("sha256").update(JSON.stringify(objects)).digest("hex");
        const unchanged = request.knownDigest === digest;
        yield { header: { sources: [{ revision, sourceType: "Directory", commands: [], inputsKey: "k", warnings: [] }], digest, unchanged, objectCount: unchanged ? 0 : objects.length } };
        if (!unchanged) yield { objects: { objects: objects.map((object) => ({ json: Buffer.from(JSON.stringify(object)), hash: "", provenance: null })) } };
      },
      changed: (request: { known?: unknown[] }) => Promise.resolve({ revision: that.revision, touched: (request.known ?? []).map(() => true) }),
    } as unknown as repository.RepositoryClient;
  }
}

export interface Running extends AsyncDisposable {
  cluster: TestCluster;
  repository: TestRepository;
  controller: ApplicationController;
  app(): Application;
  /** Tells the controller that the repository has moved, and waits until it has looked. */
  pushed(): Promise<void>;
  settled(): Promise<void>;
}

const KEYS = parseKeys(generateKeysText(), "these tests");
/** The same in every controller of a test, as its keys are mounted into each. */
const SEALING: Sealing = { seal: (plain, context) => seal(KEYS, plain, context), unseal: (sealed, context) => unseal(KEYS, sealed, context) };

const SOURCE = { repoURL: "https://git.test/web.git", path: "web", targetRevision: "main" };

/** A controller over an in-memory cluster and repository, with one application `web`. Hand in a cluster to start again on it. */
export async function startController(options: { cluster?: TestCluster; repository?: TestRepository; spec?: object; project?: object; metadata?: object; objects?: KubeObject[]; sealing?: Sealing } = {}): Promise<Running> {
  const cluster = options.cluster ?? new TestCluster();
  const repository = options.repository ?? new TestRepository();
  if (options.cluster === undefined) {
    repository.commit(...(options.objects ?? []));
    cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    cluster.put({ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "default", namespace: "argocd" }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], clusterResourceWhitelist: [{ group: "*", kind: "*" }], ...options.project } });
    cluster.put({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "web", namespace: "argocd", ...options.metadata }, spec: { project: "default", source: SOURCE, destination: { server: cluster.cluster, namespace: "team" }, ...options.spec } });
  }
  const config = readConfig({ TRIREME_CONTROLLER_LISTEN_ADDRESS: "127.0.0.1:0", TRIREME_PROBES_ADDRESS: "127.0.0.1:0", ARGOCD_SYNC_WAVE_DELAY: "0", POD_NAME: "controller-0" });
  const log = createLogger({ service: "test", level: "silent" });
  const context = await createContext({ ...config, redis: undefined }, { log, control: cluster, repositories: repository.client(), sealing: options.sealing ?? SEALING });
  const controller = await startApplicationController(config, context);
  const app = () => cluster.peek("Application", "argocd", "web") as Application;
  const settled = async () => {
    for (let rounds = 0; rounds < 3; rounds++) await controller.reconciler.executor.settled(app().metadata.uid!);
  };
  await cluster.until("the application to be looked at", () => app().status?.sync !== undefined);
  return {
    cluster, repository, controller, app, settled,
    async pushed() {
      await controller.reconciler.polls.refresh({ repoURL: SOURCE.repoURL, ref: "refs/heads/main" });
      await settled();
    },
    [Symbol.asyncDispose]: () => controller[Symbol.asyncDispose](),
  };
}

export const configMap = (name: string, value = "1", annotations?: Record<string, string>): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(annotations && { annotations }) }, data: { value } });
export const hook = (name: string, type: string): KubeObject => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name, annotations: { "argocd.argoproj.io/hook": type } }, spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a:1" }] } } } });
export const automated = { syncPolicy: { automated: { prune: true, selfHeal: true } } };
