import type { KubeObject } from "@trireme/api";
import { kubectl, mustKubectl } from "../support/kubectl.ts";
import type { Stack } from "../support/stack.ts";
import { until, type Verdict } from "../support/until.ts";
import type { Checks } from "./checks.ts";
import type { OfficialCli } from "./cli.ts";
import { blueGreen, canary, endless, failing, REGISTRY, service } from "./rollout-objects.ts";

export interface RolloutsStory {
  stack: Stack;
  checks: Checks;
  /** The plugin in a namespace. */
  open(namespace: string): Promise<OfficialCli>;
}

interface Scene {
  checks: Checks;
  plugin: OfficialCli;
  /** An object of the scene's namespace, read past the plugin. */
  get(kind: string, name: string): Promise<KubeObject>;
  apply(...objects: object[]): Promise<void>;
  /** A file that holds objects, one a document. */
  file(...objects: object[]): Promise<string>;
}

/** Every command of the official plugin that reads or changes Rollouts, as a person goes through them. */
export async function playRollouts(story: RolloutsStory): Promise<void> {
  await scene(story, "plugin-canary", playCanary);
  await scene(story, "plugin-blue-green", playBlueGreen);
  await scene(story, "plugin-analysis", playAnalysis);
}

async function scene({ stack, checks, open }: RolloutsStory, namespace: string, play: (scene: Scene) => Promise<void>): Promise<void> {
  await mustKubectl(stack, ["create", "namespace", namespace]);
  await using plugin = await open(namespace);
  const text = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object)).join("\n---\n");
  let files = 0;
  await play({
    checks,
    plugin,
    get: async (kind, name) => JSON.parse(await mustKubectl(stack, ["-n", namespace, "get", kind, name, "-o", "json"])) as KubeObject,
    async apply(...objects) {
      await mustKubectl(stack, ["-n", namespace, "apply", "-f", "-"], { input: text(objects) });
    },
    file: (...objects) => plugin.write(`objects-${++files}.yaml`, text(objects)),
  });
  await kubectl(stack, ["delete", "namespace", namespace, "--wait=false"]);
}

async function playCanary({ checks, plugin, get, file }: Scene): Promise<void> {
  const run = (...args: string[]) => plugin.run(args);
  const image = (tag: string) => run("set", "image", "web", `web=${REGISTRY}/web:${tag}`);
  const reaches = (what: string, judge: (rollout: KubeObject) => Verdict) => checks.holds(what, async () => (await until(what, () => get("rollout", "web"), judge, 60_000), ""));
  const broken = { ...canary("web"), spec: { ...(canary("web") as KubeObject)["spec"], strategy: { canary: { steps: [{ setWeight: 200 }] } } } };

  checks.outcome("lint of a right manifest", await run("lint", "-f", await file(canary("web"))), {});
  checks.outcome("lint of a wrong one", await run("lint", "-f", await file(broken)), { code: 1, says: ["spec.strategy.steps[0].setWeight: Invalid value: 200: SetWeight needs to be between 0 and 100"] });
  checks.outcome("list rollouts of an empty namespace", await run("list", "rollouts"), { says: ["No resources found."] });
  checks.outcome("create", await run("create", "-f", await file(canary("web"))), { prints: ["rollout.argoproj.io/web created"] });
  checks.outcome("create again is refused", await run("create", "-f", await file(canary("web"))), { code: 1, says: ["already exists"] });
  checks.outcome("status --watch ends when healthy", await run("status", "web", "--watch", "--timeout", "60s"), { prints: [/Healthy\n$/] });
  checks.outcome("get rollout", await run("get", "rollout", "web", "--no-color"), {
    prints: [/^Name: +web$/m, /^Status: +✔ Healthy$/m, /^Strategy: +Canary$/m, /^ +Step: +4\/4$/m, /^ +SetWeight: +100$/m, /^ +ActualWeight: +100$/m, /web:1 \(stable\)/, /^ +Desired: +4$/m, /^ +Available: +4$/m, /⟳ web +Rollout +✔ Healthy/, /# revision:1/, /⧉ web-\w+ +ReplicaSet +✔ Healthy +\S+ +stable/, /(□ web-\w+-\w+ +Pod +✔ Running +\S+ +ready:1\/1[^]*){4}/],
  });
  checks.outcome("list rollouts", await run("list", "rollouts"), { prints: [/^NAME +STRATEGY +STATUS +STEP +SET-WEIGHT +READY +DESIRED +UP-TO-DATE +AVAILABLE *$/m, /^web +Canary +Healthy +4\/4 +100 +4\/4 +4 +4 +4 *$/m] });
  checks.outcome("get of an absent one", await run("get", "rollout", "absent"), { code: 1, says: ["not found"] });

  checks.outcome("set image of an unknown container is refused", await run("set", "image", "web", "absent=x:1"), { code: 1, says: ['unable to find container named "absent"'] });
  checks.outcome("set image", await image("2"), { prints: ['rollout "web" image updated'] });
  await reaches("the first pause", atPause(1));
  checks.outcome("status without watching", await run("status", "web", "--watch=false"), { prints: ["Paused - CanaryPauseStep"] });
  checks.outcome("status --watch --timeout gives up", await run("status", "web", "--watch", "--timeout", "2s"), { code: 1, prints: ["Paused - CanaryPauseStep"], says: ["Rollout status watch exceeded timeout"] });
  checks.outcome("get rollout at a pause", await run("get", "rollout", "web", "--no-color"), {
    prints: [/^Status: +॥ Paused$/m, /^Message: +CanaryPauseStep$/m, /^ +Step: +1\/4$/m, /^ +SetWeight: +25$/m, /^ +ActualWeight: +25$/m, /web:1 \(stable\)/, /web:2 \(canary\)/, /# revision:2 [^]*⧉ web-\w+ +ReplicaSet +✔ Healthy +\S+ +canary[^]*# revision:1 [^]*stable/],
  });
  checks.outcome("promote", await run("promote", "web"), { prints: ["rollout 'web' promoted"] });
  await reaches("the second pause", atPause(3));
  checks.outcome("promote --full", await run("promote", "web", "--full"), { prints: ["rollout 'web' fully promoted"] });
  checks.outcome("status after it", await run("status", "web", "--timeout", "60s"), { prints: [/Healthy\n$/] });

  checks.outcome("set image of all containers", await run("set", "image", "web", `*=${REGISTRY}/web:3`), { prints: ['rollout "web" image updated'] });
  await reaches("a pause of the third revision", atPause(1));
  checks.outcome("abort", await run("abort", "web"), { prints: ["rollout 'web' aborted"] });
  checks.outcome("status of an aborted one", await run("status", "web", "--timeout", "60s"), { code: 1, prints: ["Degraded - RolloutAborted: Rollout aborted update to revision 3"], says: ["The rollout is in a degraded state with message: RolloutAborted: Rollout aborted update to revision 3"] });
  await reaches("only the stable revision to be left", ({ status }) => (status.replicas === 4 && (status.updatedReplicas ?? 0) === 0 ? true : { notYet: `${status.updatedReplicas} of ${status.replicas} are new` }));
  checks.outcome("get rollout of an aborted one", await run("get", "rollout", "web", "--no-color"), { prints: [/^Status: +✖ Degraded$/m, /^ +SetWeight: +0$/m, /^ +ActualWeight: +0$/m, /• ScaledDown +\S+ +canary/] });
  checks.outcome("retry", await run("retry", "rollout", "web"), { prints: ["rollout 'web' retried"] });
  await reaches("the pause again", atPause(1));

  checks.outcome("pause", await run("pause", "web"), { prints: ["rollout 'web' paused"] });
  await reaches("the pause of a person", ({ status }) => (status.message === "manually paused" ? true : { notYet: `${status.phase}: ${status.message}` }));
  checks.outcome("status of a paused one", await run("status", "web", "--watch=false"), { prints: ["Paused - manually paused"] });
  checks.outcome("promote lifts both pauses", await run("promote", "web"), { prints: ["rollout 'web' promoted"] });
  await reaches("the second pause of the third revision", atPause(3));
  checks.outcome("promote to the end", await run("promote", "web"), { prints: ["rollout 'web' promoted"] });
  checks.outcome("status at the end", await run("status", "web", "--timeout", "60s"), { prints: [/Healthy\n$/] });

  checks.outcome("undo", await run("undo", "web"), { prints: ["rollout 'web' undo"] });
  await reaches("the image of the revision before", ({ spec }) => (spec.template.spec.containers[0].image === `${REGISTRY}/web:2` ? true : { notYet: spec.template.spec.containers[0].image }));
  checks.outcome("promote what was undone", await run("promote", "web", "--full"), { prints: ["rollout 'web' fully promoted"] });
  checks.outcome("status of it", await run("status", "web", "--timeout", "60s"), { prints: [/Healthy\n$/] });
  checks.outcome("undo to the revision that runs", await run("undo", "web", "--to-revision", "4"), { prints: ["skipped rollback (current template already matches revision 4)"] });
  checks.outcome("undo to an unknown revision", await run("undo", "web", "--to-revision", "99"), { code: 1, says: ["unable to find specified revision 99 in history"] });
  checks.outcome("undo to the first revision", await run("undo", "web", "--to-revision", "1"), { prints: ["rollout 'web' undo"] });
  await reaches("its image", ({ spec }) => (spec.template.spec.containers[0].image === `${REGISTRY}/web:1` ? true : { notYet: spec.template.spec.containers[0].image }));
  checks.outcome("promote it", await run("promote", "web", "--full"), { prints: ["rollout 'web' fully promoted"] });
  checks.outcome("status of the first revision", await run("status", "web", "--timeout", "60s"), { prints: [/Healthy\n$/] });

  checks.outcome("restart", await run("restart", "web"), { prints: ["rollout 'web' restarts in 0s"] });
  await reaches("every pod to be a new one", ({ spec, status }) => (status.restartedAt !== undefined && status.restartedAt === spec.restartAt && status.phase === "Healthy" ? true : { notYet: `${status.phase}: ${status.message}, restarted at ${status.restartedAt}` }));
  checks.outcome("list rollouts of all namespaces", await run("list", "rollouts", "-A"), { prints: [/^NAMESPACE +NAME/m, /^plugin-canary +web +Canary +Healthy/m] });
  checks.outcome("list experiments", await run("list", "experiments"), { says: ["No resources found."] });
}

async function playBlueGreen({ checks, plugin, get, apply, file }: Scene): Promise<void> {
  const run = (...args: string[]) => plugin.run(args);
  const reaches = (what: string, judge: (rollout: KubeObject) => Verdict) => checks.holds(what, async () => (await until(what, () => get("rollout", "shop"), judge, 60_000), ""));
  await apply(service("shop-active", "shop"), service("shop-preview", "shop"));
  checks.outcome("create a blue-green one", await run("create", "-f", await file(blueGreen("shop"))), { prints: ["rollout.argoproj.io/shop created"] });
  checks.outcome("status of it", await run("status", "shop", "--timeout", "60s"), { prints: [/Healthy\n$/] });
  checks.outcome("its tree", await run("get", "rollout", "shop", "--no-color"), { prints: [/^Strategy: +BlueGreen$/m, /web:1 \(stable, active\)/, /⧉ shop-\w+ +ReplicaSet +✔ Healthy +\S+ +stable,active/], lacks: ["Step:"] });
  checks.outcome("its next image", await run("set", "image", "shop", `web=${REGISTRY}/web:2`), { prints: ['rollout "shop" image updated'] });
  await reaches("the new set to wait for its promotion", ({ status }) => (status.message === "BlueGreenPause" ? true : { notYet: `${status.phase}: ${status.message}` }));
  checks.outcome("its tree with a preview", await run("get", "rollout", "shop", "--no-color"), { prints: [/^Message: +BlueGreenPause$/m, /web:2 \(preview\)/, /# revision:2 [^]*⧉ shop-\w+ +ReplicaSet +✔ Healthy +\S+ +preview[^]*# revision:1 [^]*stable,active/] });
  checks.outcome("promote it", await run("promote", "shop"), { prints: ["rollout 'shop' promoted"] });
  checks.outcome("status of the promoted one", await run("status", "shop", "--timeout", "60s"), { prints: [/Healthy\n$/] });
  await checks.holds("the active Service selects it", async () => {
    const [hash, selector] = [(await get("rollout", "shop"))["status"].currentPodHash, (await get("service", "shop-active"))["spec"].selector["rollouts-pod-template-hash"]];
    return hash === selector ? "" : `${selector}, not ${hash}`;
  });
  checks.outcome("the old set stays for its delay", await run("get", "rollout", "shop", "--no-color"), { prints: [/web:2 \(stable, active\)/, /# revision:1 [^]*⧉ shop-\w+ +ReplicaSet +✔ Healthy +\S+ +delay:\d+s/] });
  checks.outcome("skipping a step of a strategy without steps is refused", await run("promote", "shop", "--skip-current-step"), { code: 1, says: ["Cannot skip steps of a bluegreen rollout"] });
  checks.outcome("list", await run("list", "rollouts"), { prints: [/^shop +BlueGreen +Healthy +- +- +2\/\d +2 +2 +2 *$/m] });
}

async function playAnalysis({ checks, plugin, get, apply, file }: Scene): Promise<void> {
  const run = (...args: string[]) => plugin.run(args);
  await apply(service("shop-active", "shop"), service("shop-preview", "shop"));
  checks.outcome("create a template", await run("create", "-f", await file(failing("fail"))), { prints: ["analysistemplate.argoproj.io/fail created"] });
  checks.outcome("create a Rollout that it judges", await run("create", "-f", await file(blueGreen("shop", { autoPromotionEnabled: true, prePromotionAnalysis: { templates: [{ templateName: "fail" }] } }))), { prints: ["rollout.argoproj.io/shop created"] });
  checks.outcome("its first revision is not judged", await run("status", "shop", "--timeout", "60s"), { prints: [/Healthy\n$/] });
  checks.outcome("a second revision", await run("set", "image", "shop", `web=${REGISTRY}/web:2`), { prints: ['rollout "shop" image updated'] });
  const why = 'RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase error/failed: Metric "fail" assessed Failed due to failed (2) > failureLimit (1)';
  await checks.holds("the second revision is seen", async () => (await until("revision 2", () => get("rollout", "shop"), ({ metadata }) => (metadata.annotations?.["rollout.argoproj.io/revision"] === "2" ? true : { notYet: "still revision 1" }), 60_000), ""));
  checks.outcome("status --watch fails with the metric's own sentence", await run("status", "shop", "--watch", "--timeout", "90s"), { code: 1, prints: [`Degraded - ${why}`], says: [why] });
  checks.outcome("the tree has the run with its jobs", await run("get", "rollout", "shop", "--no-color"), { prints: [/^Status: +✖ Degraded$/m, /α shop-\w+-2-pre +AnalysisRun +✖ Failed +\S+ +✖ 2/, /(⊞ \S+\.fail\.\d +Job +✖ Failed[^]*){2}/, /web:1 \(stable, active\)/] });

  checks.outcome("create a template without an end", await run("create", "-f", await file(endless("steady"))), { prints: ["analysistemplate.argoproj.io/steady created"] });
  checks.outcome("create analysisrun", await run("create", "analysisrun", "--from", "steady", "--name", "by-hand", "-a", "code=0"), { prints: ["analysisrun.argoproj.io/by-hand created"] });
  const phase = (what: string, judge: (run: KubeObject) => Verdict) => checks.holds(what, async () => (await until(what, () => get("analysisrun", "by-hand"), judge, 60_000), ""));
  await phase("it measures", ({ status }) => ((status?.metricResults?.[0]?.successful ?? 0) > 0 ? true : { notYet: JSON.stringify(status) }));
  checks.outcome("terminate analysisrun", await run("terminate", "analysisrun", "by-hand"), { prints: ["analysisRun 'by-hand' terminated"] });
  await phase("it ends well", ({ status }) => (status?.phase === "Successful" && status.message === "Run Terminated" ? true : { notYet: `${status?.phase}: ${status?.message}` }));
  checks.outcome("create analysisrun without a template's argument", await run("create", "analysisrun", "--from", "absent", "--name", "x"), { code: 1, says: ["not found"] });
}

/** A pause step, with the pods of the steps before it there. */
function atPause(index: number): (rollout: KubeObject) => Verdict {
  return ({ status, metadata }) => (status?.message === "CanaryPauseStep" && status.currentStepIndex === index && status.observedGeneration === String(metadata.generation) ? true : { notYet: `${status?.phase}: ${status?.message} at step ${status?.currentStepIndex}` });
}
