import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import type { OfficialCli } from "./cli.ts";
import type { Checks } from "./checks.ts";
import { administer } from "./administration.ts";
import { playRelease } from "./release.ts";

export interface Story {
  stack: Stack;
  cli: OfficialCli;
  checks: Checks;
  /** Keeps two tellings on one product apart. */
  suffix: string;
  /** How the server is reached: `--plaintext`, or `--insecure` for its own certificate. */
  connection: readonly string[];
}

const SERVER = "https://kubernetes.default.svc";
const IMAGE = "registry.example.com/user01/hello-world-spring";

/** The main job as a person plays it with the official CLI; each step stands on the one before. */
export async function playStory(story: Story): Promise<void> {
  await using repository = await Repository.create(story.stack, `compat-${story.suffix}`);
  await signIn(story);
  await connectRepository(story, repository);
  const application = `compat-${story.suffix}`;
  await createApplication(story, repository, application);
  await syncApplication(story, application);
  await deployNextTag(story, repository, application);
  await rollBack(story, application);
  await manage(story, application);
  await leaveBehind(story, repository, `${application}-ssa`);
  await playRelease(story);
  await administer(story);
  await deleteApplication(story, repository, application);
}

async function signIn({ stack, cli, checks, connection }: Story): Promise<void> {
  const host = new URL(stack.url).host;
  const login = (password: string) => cli.run(["login", host, ...connection, "--username", "admin", "--password", password], { secrets: [password] });
  checks.outcome("login with a wrong password is refused", await login("wrong-password"), { code: 20, says: ["Invalid username or password"] });
  checks.outcome("login", await login(stack.adminPassword), { prints: ["'admin:login' logged in successfully", `Context '${host}' updated`] });
  checks.outcome("version", await cli.run(["version"]), { prints: [/argocd-server: v3\.5/] });
  checks.outcome("who am I", await cli.run(["account", "get-user-info"]), { prints: ["Logged In: true", "Username: admin", "Issuer: argocd"] });
  checks.outcome("may I", await cli.run(["account", "can-i", "sync", "applications", "*/*"]), { prints: [/^yes$/m] });
  checks.outcome("clusters", await cli.run(["cluster", "list"]), { prints: [SERVER, "in-cluster"] });
  checks.outcome("projects", await cli.run(["proj", "list"]), { prints: [/^default /m] });
}

async function connectRepository({ stack, cli, checks }: Story, repository: Repository): Promise<void> {
  const add = (token: string) => cli.run(["repo", "add", repository.url, "--username", stack.git.user, "--password", token], { secrets: [token] });
  checks.outcome("repo add with a wrong token is refused", await add("not-the-token"), { code: 20, says: [/authentication required|401|Unauthorized/i] });
  checks.outcome("and stores nothing", await cli.run(["repo", "list"]), { lacks: [repository.url] });
  checks.outcome("repo add", await add(stack.git.token), { prints: [`Repository '${repository.url}' added`] });
  checks.outcome("repo list", await cli.run(["repo", "list"]), { prints: [new RegExp(`^git .*${escaped(repository.url)} .*Successful`, "m")] });
  checks.outcome("repo get", await cli.run(["repo", "get", repository.url]), { prints: [repository.url, "Successful"] });
}

async function createApplication({ cli, checks }: Story, repository: Repository, name: string): Promise<void> {
  const args = ["app", "create", name, "--repo", repository.url, "--path", "hello-world-spring", "--revision", "main", "--dest-server", SERVER, "--dest-namespace", name, "--sync-option", "CreateNamespace=true"];
  checks.outcome("app create with a missing path is refused", await cli.run([...args.with(6, "not-there")]), { code: 20, says: ["not-there"] });
  checks.outcome("app create", await cli.run(args), { prints: [`application '${name}' created`] });
  checks.outcome("app create again says that nothing changes", await cli.run(args), { prints: [`application '${name}' unchanged`] });
  await cli.run(["app", "get", name, "--refresh"]);
  checks.outcome("app list", await cli.run(["app", "list"]), { prints: [new RegExp(`^argocd/${name} .*OutOfSync +Missing`, "m")] });
  checks.outcome("app list -o name", await cli.run(["app", "list", "-o", "name"]), { prints: [new RegExp(`^argocd/${name}$`, "m")] });
  checks.outcome("app get", await cli.run(["app", "get", name]), { prints: [/Sync Status: +OutOfSync from main/, /Health Status: +Missing/, /apps +Deployment +\S+ +hello-world-spring +OutOfSync +Missing/] });
  checks.outcome("app get of an absent one", await cli.run(["app", "get", "absent"]), { code: 20, says: ["PermissionDenied"] });
  checks.outcome("app diff tells by its exit code", await cli.run(["app", "diff", name]), { code: 1, prints: ["apps/Deployment", `image: ${IMAGE}:1.0.0`] });
  checks.outcome("app manifests", await cli.run(["app", "manifests", name]), { prints: ["kind: Deployment", "kind: Ingress", `${IMAGE}:1.0.0`] });
}

async function syncApplication({ cli, checks }: Story, name: string): Promise<void> {
  checks.outcome("app sync --dry-run", await cli.run(["app", "sync", name, "--dry-run"]), { prints: [/Phase: +Succeeded/] });
  checks.outcome("app sync waits for its end", await cli.run(["app", "sync", name]), { prints: [/Phase: +Succeeded/, /Operation: +Sync/, "deployment.apps/hello-world-spring created"] });
  checks.outcome("app wait", await cli.run(["app", "wait", name, "--sync", "--health", "--timeout", "60"]), { prints: [/Sync Status: +Synced to main/, /Health Status: +Healthy/] });
  checks.outcome("app diff finds nothing", await cli.run(["app", "diff", name]), { code: 0, lacks: ["====="] });
  checks.outcome("app history", await cli.run(["app", "history", name]), { prints: [/^ID +DATE +REVISION/m, /^0 .*main \([0-9a-f]{7}\)/m] });
  checks.outcome("app resources", await cli.run(["app", "resources", name]), { prints: [/apps +Deployment +\S+ +hello-world-spring +No/] });
  checks.outcome("app get --output tree", await cli.run(["app", "get", name, "--output", "tree"]), { prints: [/Deployment\/hello-world-spring/, /ReplicaSet\/hello-world-spring-/, /Pod\/hello-world-spring-/] });
  checks.outcome("app logs", await cli.run(["app", "logs", name, "--tail", "5"]), { prints: [/hello-world-spring:1\.0\.0 is up/] });
}

async function deployNextTag({ stack, cli, checks }: Story, repository: Repository, name: string): Promise<void> {
  await repository.edit("hello-world-spring/kustomization.yaml", (text) => text.replace(/newTag: .*/, 'newTag: "20231124033608"'), "Deploy 20231124033608");
  checks.outcome("app get --refresh sees the commit", await cli.run(["app", "get", name, "--refresh"]), { prints: [/Sync Status: +OutOfSync from main/] });
  checks.outcome("app diff shows the tag", await cli.run(["app", "diff", name]), { code: 1, prints: [new RegExp(`^< .*image: ${escaped(IMAGE)}:1.0.0|^-.*image: ${escaped(IMAGE)}:1.0.0`, "m"), new RegExp(`^[>+].*image: ${escaped(IMAGE)}:20231124033608`, "m")] });
  checks.outcome("app sync --prune", await cli.run(["app", "sync", name, "--prune"]), { prints: [/Phase: +Succeeded/] });
  checks.outcome("app wait", await cli.run(["app", "wait", name, "--timeout", "60"]), { prints: [/Health Status: +Healthy/] });
  checks.outcome("app history has both", await cli.run(["app", "history", name]), { prints: [/^0 /m, /^1 /m] });
  await checks.holds("the new tag runs", () => imageIs(stack, name, `${IMAGE}:20231124033608`));
}

async function rollBack({ stack, cli, checks }: Story, name: string): Promise<void> {
  checks.outcome("app rollback to an unknown entry", await cli.run(["app", "rollback", name, "99"]), { code: 20, says: [/99/] });
  checks.outcome("app rollback", await cli.run(["app", "rollback", name, "0"]), { prints: [/Phase: +Succeeded/] });
  checks.outcome("app history has the rollback", await cli.run(["app", "history", name]), { prints: [/^2 /m] });
  await checks.holds("the old tag runs again", () => imageIs(stack, name, `${IMAGE}:1.0.0`));
}

async function manage({ cli, checks }: Story, name: string): Promise<void> {
  checks.outcome("app terminate-op without an operation", await cli.run(["app", "terminate-op", name]), { code: 20, says: ["Unable to terminate operation. No operation is in progress"] });
  checks.outcome("app actions list", await cli.run(["app", "actions", "list", name, "--kind", "Deployment"]), { prints: [/Deployment +hello-world-spring +restart/] });
  checks.outcome("app actions run restart", await cli.run(["app", "actions", "run", name, "restart", "--kind", "Deployment", "--resource-name", "hello-world-spring"]), {});
  checks.outcome("app patch", await cli.run(["app", "patch", name, "--type", "merge", "--patch", '{"metadata":{"labels":{"team":"spring"}}}']), { prints: ["successfully"] });
  checks.outcome("app list by label", await cli.run(["app", "list", "-l", "team=spring", "-o", "name"]), { prints: [name] });
  checks.outcome("app set --sync-policy", await cli.run(["app", "set", name, "--sync-policy", "automated", "--self-heal"]), {});
  checks.outcome("app rollback with automated sync is refused", await cli.run(["app", "rollback", name, "0"]), { code: 20, says: ["rollback cannot be initiated when auto-sync is enabled"] });
  checks.outcome("app wait until automated sync is done", await cli.run(["app", "wait", name, "--timeout", "60"]), { prints: [/Sync Status: +Synced to main/] });
}

/** Server-side apply into a namespace that is made on the way; deleted without cascade, everything stays. */
async function leaveBehind({ stack, cli, checks }: Story, repository: Repository, name: string): Promise<void> {
  const args = ["app", "create", name, "--repo", repository.url, "--path", "hello-world-flask", "--dest-name", "in-cluster", "--dest-namespace", name, "--sync-option", "CreateNamespace=true", "--sync-option", "ServerSideApply=true"];
  checks.outcome("app create by the cluster's name", await cli.run(args), { prints: [`application '${name}' created`] });
  checks.outcome("app sync by server-side apply", await cli.run(["app", "sync", name]), { prints: [/Phase: +Succeeded/, "deployment.apps/hello-world-flask serverside-applied"] });
  checks.outcome("app wait --resource", await cli.run(["app", "wait", name, "--health", "--resource", "apps:Deployment:hello-world-flask", "--timeout", "60"]), { prints: ["hello-world-flask"] });
  // Without --wait: the CLI waits for an event that may have been before it looked.
  checks.outcome("app delete --cascade=false", await cli.run(["app", "delete", name, "-y", "--cascade=false"]), { prints: [`application '${name}' deleted`] });
  await checks.holds("everything is left of it", async () => {
    const left = (await mustKubectl(stack, ["-n", name, "get", "deployments,services,ingresses", "-o", "name"])).trim().split("\n");
    return left.length === 3 ? "" : `left: ${left.join(" ")}`;
  });
}

async function deleteApplication({ stack, cli, checks, connection }: Story, repository: Repository, name: string): Promise<void> {
  checks.outcome("app delete --wait", await cli.run(["app", "delete", name, "-y", "--wait"]), { prints: [`application '${name}' deleted`] });
  checks.outcome("app list lacks it", await cli.run(["app", "list", "-o", "name"]), { lacks: [name] });
  await checks.holds("nothing is left of it", async () => {
    const left = (await mustKubectl(stack, ["-n", name, "get", "deployments,services,ingresses", "-o", "name"])).trim();
    return left === "" ? "" : `left: ${left}`;
  });
  checks.outcome("repo rm", await cli.run(["repo", "rm", repository.url]), { prints: [`Repository '${repository.url}' removed`] });
  checks.outcome("logout", await cli.run(["logout", new URL(stack.url).host, ...connection]), { prints: ["Logged out from"] });
  checks.outcome("and then nothing is shown", await cli.run(["app", "list"]), { code: 20 });
}

async function imageIs(stack: Stack, namespace: string, image: string): Promise<string> {
  await until("image of deployment hello-world-spring", () => mustKubectl(stack, ["-n", namespace, "get", "deployment", "hello-world-spring", "-o", "jsonpath={.spec.template.spec.containers[0].image}"]), (found) => found.trim() === image || { notYet: `is ${found}` }, 10_000);
  return "";
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
