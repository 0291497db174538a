import { aDeployment, conditionIs, givenCluster, isRolledOut, KINDS } from "../given-cluster.ts";

const { Deployment, ReplicaSet, Pod } = KINDS;

let it_: Awaited<ReturnType<typeof givenCluster>>;
beforeAll(async () => {
  it_ = await givenCluster({ nodes: { brokenImages: ["broken"] } });
});
afterAll(async () => {
  expect(it_.problems).toEqual([]);
  await it_[Symbol.asyncDispose]();
});

describe("a Deployment", () => {
  it("becomes available with running pods, and says so as kube-controller-manager does", async () => {
    const it = it_;
    await it.create(aDeployment("web"));
    const { status, metadata } = await it.becomes(Deployment, "web", isRolledOut);
    const [set] = await it.list(ReplicaSet, { app: "web" });
    expect(metadata).toMatchObject({ generation: 1, annotations: { "deployment.kubernetes.io/revision": "1" } });
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      conditions: [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability.", lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) },
        { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message: `ReplicaSet "${set!.metadata.name}" has successfully progressed.`, lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) },
      ],
    });
    expect(set).toMatchObject({
      metadata: { annotations: { "deployment.kubernetes.io/desired-replicas": "2", "deployment.kubernetes.io/max-replicas": "3", "deployment.kubernetes.io/revision": "1" } },
      status: { replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1, terminatingReplicas: 0 },
    });
    expect((await it.list(Pod, { app: "web" })).map((pod) => pod["status"].phase)).toEqual(["Running", "Running"]);
  });

  it("never has fewer pods available than allowed while it rolls, nor more in all", async () => {
    const it = it_;
    await it.create(aDeployment("rolling", { spec: { replicas: 4, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } } }));
    await it.becomes(Deployment, "rolling", isRolledOut);
    const available: number[] = [];
    const rolled = it.becomes(Deployment, "rolling", (deployment) => {
      available.push(deployment.status.availableReplicas ?? 0);
      return deployment.metadata.generation === 2 && isRolledOut(deployment);
    });
    // What is asked for: the status adds up what each set last said, and may count a pod that is gone already.
    const total: number[] = [];
    const scaled = it.all(ReplicaSet, { app: "rolling" }, (sets) => {
      total.push(sets.reduce((sum, set) => sum + set.spec.replicas, 0));
      return sets.length === 2 && sets.some((set) => set.spec.replicas === 0);
    });
    await it.patch(Deployment, "rolling", { spec: { template: { spec: { containers: [{ name: "main", image: "web:2" }] } } } });
    await Promise.all([rolled, scaled]);
    expect(Math.min(...available)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...total)).toBe(5);
    expect((await it.list(ReplicaSet, { app: "rolling" })).map((set) => [set.metadata.annotations!["deployment.kubernetes.io/revision"], set["spec"].replicas]).sort()).toEqual([
      ["1", 0],
      ["2", 4],
    ]);
  });

  it("keeps the old pods when the new image cannot be pulled, and reports the deadline", async () => {
    const it = it_;
    await it.create(aDeployment("stuck", { spec: { progressDeadlineSeconds: 1 } }));
    await it.becomes(Deployment, "stuck", isRolledOut);
    await it.patch(Deployment, "stuck", { spec: { template: { spec: { containers: [{ name: "main", image: "web:broken" }] } } } });
    const { status } = await it.becomes(Deployment, "stuck", conditionIs("Progressing", "False", "ProgressDeadlineExceeded"));
    expect(status).toMatchObject({ availableReplicas: 2, unavailableReplicas: 1, updatedReplicas: 1 });
    const [pod] = await it.all(Pod, { app: "stuck" }, (pods) => pods.some((each) => each.status.phase === "Pending")).then((pods) => pods.filter((each) => each.status.phase === "Pending"));
    expect(pod.status.containerStatuses[0].state.waiting.reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);

    await it.patch(Deployment, "stuck", { spec: { template: { spec: { containers: [{ name: "main", image: "web:1" }] } } } });
    const back = await it.becomes(Deployment, "stuck", (deployment) => deployment.metadata.annotations["deployment.kubernetes.io/revision"] === "3" && isRolledOut(deployment) && conditionIs("Progressing", "True")(deployment));
    expect(back.status.conditions).toContainEqual(expect.objectContaining({ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }));
    const sets = await it.list(ReplicaSet, { app: "stuck" });
    expect(sets.find((set) => set["spec"].replicas === 2)!.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "3", "deployment.kubernetes.io/revision-history": "1" });
  });

  it("replaces all pods at once with Recreate: none of the new before the last of the old", async () => {
    const it = it_;
    await it.create(aDeployment("recreate", { spec: { strategy: { type: "Recreate" } } }));
    await it.becomes(Deployment, "recreate", isRolledOut);
    const images: string[][] = [];
    const done = it.all(Pod, { app: "recreate" }, (pods) => {
      images.push([...new Set(pods.map((pod) => pod.spec.containers[0].image as string))]);
      return pods.length === 2 && pods.every((pod) => pod.spec.containers[0].image === "web:2" && pod.status.phase === "Running");
    });
    await it.patch(Deployment, "recreate", { spec: { template: { spec: { containers: [{ name: "main", image: "web:2" }] } } } });
    await done;
    expect(images.every((set) => set.length <= 1)).toBe(true);
  });

  it("scales without a new revision, and not at all while it is paused and its template changes", async () => {
    const it = it_;
    await it.create(aDeployment("scaled"));
    await it.becomes(Deployment, "scaled", isRolledOut);
    await it.patch(Deployment, "scaled", { spec: { replicas: 5 } });
    await it.becomes(Deployment, "scaled", (deployment) => deployment.status.availableReplicas === 5 && isRolledOut(deployment));
    await it.patch(Deployment, "scaled", { spec: { paused: true, template: { spec: { containers: [{ name: "main", image: "web:2" }] } } } });
    await it.becomes(Deployment, "scaled", conditionIs("Progressing", "Unknown", "DeploymentPaused"));
    expect(await it.list(ReplicaSet, { app: "scaled" })).toHaveLength(1);
    await it.patch(Deployment, "scaled", { spec: { paused: false } });
    await it.becomes(Deployment, "scaled", (deployment) => isRolledOut(deployment) && conditionIs("Progressing", "True", "NewReplicaSetAvailable")(deployment));
    expect(await it.list(ReplicaSet, { app: "scaled" })).toHaveLength(2);
  });

  it("forgets old revisions beyond its limit", async () => {
    const it = it_;
    await it.create(aDeployment("history", { spec: { replicas: 1, revisionHistoryLimit: 1 } }));
    for (const tag of ["2", "3", "4"]) {
      await it.becomes(Deployment, "history", isRolledOut);
      await it.patch(Deployment, "history", { spec: { template: { spec: { containers: [{ name: "main", image: `web:${tag}` }] } } } });
    }
    await it.becomes(Deployment, "history", (deployment) => deployment.metadata.generation === 4 && isRolledOut(deployment));
    const sets = await it.all(ReplicaSet, { app: "history" }, (each) => each.length === 2);
    expect(sets.map((set) => set.metadata.annotations["deployment.kubernetes.io/revision"]).sort()).toEqual(["3", "4"]);
  });

  it("waits minReadySeconds before it counts a pod as available", async () => {
    const it = it_;
    await it.create(aDeployment("patient", { spec: { replicas: 1, minReadySeconds: 1 } }));
    await it.becomes(Deployment, "patient", (deployment) => deployment.status?.readyReplicas === 1);
    expect((await it.find(Deployment, "patient"))!["status"].availableReplicas).toBeUndefined();
    await it.becomes(Deployment, "patient", isRolledOut);
  });

  it("reports why pods cannot be created", async () => {
    const it = it_;
    await it.create(aDeployment("refused", { spec: { replicas: 1 }, pod: { serviceAccountName: "nobody" } }));
    const { status } = await it.becomes(Deployment, "refused", conditionIs("ReplicaFailure", "True", "FailedCreate"));
    expect(status.conditions.find((condition: any) => condition.type === "ReplicaFailure").message).toMatch(/serviceaccount "nobody" not found/);
    await it.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody", namespace: "default" } });
    await it.becomes(Deployment, "refused", isRolledOut);
    expect(it.problems.splice(0).every((problem) => problem.includes('serviceaccount "nobody" not found'))).toBe(true);
  });
});

describe("a ReplicaSet", () => {
  it("replaces a pod that is deleted, adopts strays, and lets go of those that fit no more", async () => {
    const it = it_;
    await it.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "stray", namespace: "default", labels: { app: "adopt" } }, spec: { containers: [{ name: "main", image: "web:1" }] } });
    const template = { metadata: { labels: { app: "adopt" } }, spec: { containers: [{ name: "main", image: "web:1" }] } };
    await it.create({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "adopt", namespace: "default" }, spec: { replicas: 2, selector: { matchLabels: { app: "adopt" } }, template } });
    await it.becomes(ReplicaSet, "adopt", (set) => set.status?.readyReplicas === 2);
    const pods = await it.list(Pod, { app: "adopt" });
    expect(pods.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual(["adopt", "adopt"]);
    expect(pods.map(({ metadata }) => metadata.name)).toContain("stray");

    await it.patch(Pod, "stray", { metadata: { labels: { app: "free" } } });
    await it.becomes(Pod, "stray", (pod) => !pod.metadata.ownerReferences?.length);
    await it.all(Pod, { app: "adopt" }, (each) => each.length === 2 && each.every((pod) => pod.status.phase === "Running"));

    const victim = (await it.list(Pod, { app: "adopt" }))[0]!.metadata.name!;
    await it.delete(Pod, victim);
    await it.all(Pod, { app: "adopt" }, (each) => each.length === 2 && each.every((pod) => pod.metadata.name !== victim && pod.status.phase === "Running"));
  });
});
