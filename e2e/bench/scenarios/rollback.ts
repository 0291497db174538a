import type { KubeObject } from "@trireme/api";
import { Repository } from "../../support/repository.ts";
import type { Bed } from "../bed.ts";
import type { Measurement } from "../measure.ts";
import { Observer } from "../observer.ts";

const NAME = "bench-rollback";
const GRACE_SECONDS = 1;
const IMAGE = "registry.example.com/bench-rollback";
const TRIALS = 5;

/** A commit whose image cannot be pulled, until the good revision is asked for again by itself; the old pods serve all the while. */
export async function rollback(bed: Bed): Promise<Measurement[]> {
  const { client, api } = bed;
  await using repository = await Repository.create(bed.stack, NAME, { "app/web.json": workload("good-0") });
  await using deployments = await Observer.start(client, { group: "apps", version: "v1", kind: "Deployment" }, NAME);
  await using releases = await Observer.start(client, { group: "trireme.dev", version: "v1alpha1", kind: "Release" }, "argocd");
  await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: bed.stack.git.user, password: bed.stack.git.token });
  await client.create({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: NAME, namespace: "argocd", annotations: { "trireme.dev/rollback-grace": `${GRACE_SECONDS}s` } },
    spec: { project: "default", source: { repoURL: repository.url, path: "app", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: NAME }, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
  } as KubeObject);
  const delivered: number[] = [];
  const judged: number[] = [];
  const restored: number[] = [];
  const whole: number[] = [];
  const push = async (tag: string): Promise<{ commit: string; start: number }> => {
    const commit = await repository.push(tag, { "app/web.json": workload(tag) });
    const start = performance.now();
    await repository.tell(bed.stack, commit);
    return { commit, start };
  };
  const image = (tag: string) => (object: KubeObject | undefined) => object?.["spec"].template.spec.containers[0].image === `${IMAGE}:${tag}`;
  await deployments.when(NAME, "web", image("good-0"), "deployed");
  let { commit } = { commit: await repository.head() };
  for (let trial = 0; trial < TRIALS; trial++) {
    const good = `good-${trial}`;
    if (trial > 0) ({ commit } = await push(good));
    await releases.when("argocd", NAME, (release) => release?.["status"]?.proven?.[0]?.revision === commit, `proven at ${commit}`);
    const bad = await push(`broken`);
    const at = await deployments.when(NAME, "web", image("broken"), "at the bad image");
    const decided = await releases.when("argocd", NAME, (release) => release?.["status"]?.pinned !== undefined && release["status"].quarantined[0].revision === bad.commit, "pinned");
    const back = await deployments.when(NAME, "web", image(good), "back at the good image");
    delivered.push(at - bad.start);
    judged.push(decided - at);
    restored.push(back - decided);
    whole.push(back - bad.start);
    // The same bad image is another set the next time only if something else is: it is let out for the measurement's sake.
    await api.must("DELETE", `/api/trireme/v1/applications/${NAME}/quarantine`);
  }
  return [
    { scenario: "bad commit: webhook → delivered", samples: delivered, unit: "ms" },
    { scenario: "bad commit: delivered → given up", samples: judged, unit: "ms", note: `of it ${GRACE_SECONDS} s of grace (60 s by default)` },
    { scenario: "bad commit: given up → good revision asked for", samples: restored, unit: "ms" },
    { scenario: "bad commit → good revision, all of it", samples: whole, unit: "ms", note: "the old pods serve all the while" },
  ];
}

function workload(tag: string): string {
  const labels = { app: "web" };
  return JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "main", image: `${IMAGE}:${tag}` }] } } } });
}
