import { Repository } from "../support/repository.ts";
import { until } from "../support/until.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { canary, REGISTRY } from "./rollout-objects.ts";
import type { Story } from "./story.ts";

/** A canary as the CLI of Argo CD sees it: suspended at its pauses, resumed and promoted by actions. */
export async function playRelease({ stack, cli, checks, suffix }: Story): Promise<void> {
  const name = `release-${suffix}`;
  const manifest = (tag: string) => JSON.stringify(canary("web")).replace(`${REGISTRY}/web:1`, `${REGISTRY}/web:${tag}`);
  await using repository = await Repository.create(stack, name, { "canary/rollout.yaml": manifest("1") });
  const token = stack.git.token;
  const act = (...args: string[]) => cli.run(["app", "actions", ...args, "--kind", "Rollout"]);
  const isPausedAt = async (index: number) => (await until(`step ${index}`, () => mustKubectl(stack, ["-n", name, "get", "rollout", "web", "-o", "jsonpath={.status.message} {.status.currentStepIndex}"]), (found) => found === `CanaryPauseStep ${index}` || { notYet: found }, 60_000), "");

  checks.outcome("repo add for a canary", await cli.run(["repo", "add", repository.url, "--username", stack.git.user, "--password", token], { secrets: [token] }), { prints: ["added"] });
  checks.outcome("app create with a Rollout", await cli.run(["app", "create", name, "--repo", repository.url, "--path", "canary", "--dest-name", "in-cluster", "--dest-namespace", name, "--sync-option", "CreateNamespace=true"]), { prints: [`application '${name}' created`] });
  checks.outcome("app sync of a Rollout", await cli.run(["app", "sync", name]), { prints: [/Phase: +Succeeded/, "rollout.argoproj.io/web created"] });
  checks.outcome("app wait until it is healthy", await cli.run(["app", "wait", name, "--health", "--timeout", "60"]), { prints: [/argoproj\.io +Rollout +\S+ +web +Synced +Healthy/] });
  checks.outcome("app actions list of a promoted one", await act("list", name), { prints: [/^argoproj\.io +Rollout +web +restart +false$/m, /^argoproj\.io +Rollout +web +abort +true$/m, /^argoproj\.io +Rollout +web +skip-current-step +true$/m] });

  await repository.push("Deploy 2", { "canary/rollout.yaml": manifest("2") });
  await cli.run(["app", "get", name, "--refresh"]);
  checks.outcome("app sync of its next image", await cli.run(["app", "sync", name]), { prints: [/Phase: +Succeeded/] });
  checks.outcome("app wait until it is suspended", await cli.run(["app", "wait", name, "--suspended", "--timeout", "60"]), { prints: [/Rollout +\S+ +web +Synced +Suspended/] });
  await checks.holds("the canary is at its first pause", () => isPausedAt(1));
  checks.outcome("app actions list at a pause", await act("list", name), { prints: [/Rollout +web +resume +false$/m, /Rollout +web +abort +false$/m, /Rollout +web +retry +true$/m] });
  checks.outcome("app actions run resume", await act("run", name, "resume", "--resource-name", "web"), {});
  await checks.holds("the canary is at its second pause", () => isPausedAt(3));
  checks.outcome("app actions run of an unknown action", await act("run", name, "promote", "--resource-name", "web"), { code: 20, says: ["promote"] });
  checks.outcome("app actions run promote-full", await act("run", name, "promote-full", "--resource-name", "web"), {});
  checks.outcome("app wait until it is promoted", await cli.run(["app", "wait", name, "--health", "--timeout", "60"]), { prints: [/Rollout +\S+ +web +Synced +Healthy/] });
  checks.outcome("app get --output tree has its sets", await cli.run(["app", "get", name, "--output", "tree"]), { prints: [/Rollout\/web/, /ReplicaSet\/web-/, /Pod\/web-/] });
  checks.outcome("app delete of it", await cli.run(["app", "delete", name, "-y", "--wait"]), { prints: [`application '${name}' deleted`] });
  checks.outcome("repo rm of it", await cli.run(["repo", "rm", repository.url]), { prints: ["removed"] });
}
