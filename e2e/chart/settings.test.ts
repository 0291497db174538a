import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { readConfig as apiServer } from "../../services/api-server/src/config.ts";
import { readConfig as applicationController } from "../../services/application-controller/src/config.ts";
import { readConfig as repoServer } from "../../services/repo-server/src/config.ts";
import { find, parseYaml, render } from "./helm.ts";

const root = path.resolve(import.meta.dirname, "../..");

const services = [
  { service: "api-server", values: "server", workload: ["Deployment", "argocd-server"], names: namesRead(apiServer) },
  { service: "repo-server", values: "repoServer", workload: ["Deployment", "argocd-repo-server"], names: namesRead(repoServer) },
  { service: "application-controller", values: "controller", workload: ["StatefulSet", "argocd-application-controller"], names: namesRead(applicationController) },
] as const;

describe.each(services)("what $service is told", ({ service, values, workload, names }) => {
  it("by the chart is what its config.ts reads", async () => {
    const [container] = find(await render(), workload[0], workload[1]).spec.template.spec.containers;
    expect(container.env.map((variable: { name: string }) => variable.name).filter((name: string) => !names.has(name))).toEqual([]);
    expect(container.args).toEqual([`${service}.mjs`]);
  });

  it("by Argo CD's ConfigMaps reaches it under Argo CD's names", async () => {
    const { [values]: ours } = parseYaml<Record<string, Record<string, string>>>(await readFile(path.join(root, "charts/trireme/files/parameters.yaml"), "utf8"));
    const argosManifests = JSON.parse(await readFile(path.join(import.meta.dirname, "argo-parameters.json"), "utf8")) as Record<string, Record<string, string>>;
    const argos = Object.fromEntries(Object.entries(argosManifests[values]!).filter(([name]) => names.has(name)));
    // The controller's sharding decides which replica of it the door must ask.
    expect(ours).toEqual({ ...argos, ...(values === "server" && { ARGOCD_CONTROLLER_SHARDING_ALGORITHM: "controller.sharding.algorithm" }) });
  });

  it("by docker-compose.yml is what its config.ts reads", async () => {
    const compose = parse(await readFile(path.join(root, "docker-compose.yml"), "utf8"), { merge: true }).services[service];
    expect(Object.keys(compose.environment).filter((name) => !names.has(name))).toEqual([]);
    expect(compose.command).toEqual([`${service}.mjs`]);
  });
});

describe("the image", () => {
  it("names the tools that it holds to the repo-server", async () => {
    const dockerfile = await readFile(path.join(root, "Dockerfile"), "utf8");
    const told = [...dockerfile.matchAll(/\b(TRIREME_\w+)=(\S+)/g)].map(([, name, value]) => ({ name: name!, value: value! }));
    expect(told.map(({ name }) => name).filter((name) => !services[1].names.has(name))).toEqual([]);
    const bundle = await readFile(path.join(root, "services/bundle.mjs"), "utf8");
    for (const { value } of told) expect(bundle).toContain(`${path.basename(value)}: tools.`);
  });
});

/** Every name that a service asks its environment for; whether it likes the answers does not matter here. */
function namesRead(read: (env: Record<string, string | undefined>) => unknown): Set<string> {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>({}, {
    get(_, name) {
      asked.add(String(name));
      // What else is to be known of Redis is asked only where there is one.
      return name === "REDIS_SERVER" ? "127.0.0.1:6379" : undefined;
    },
  });
  try {
    read(environment);
  } catch {
    // A required variable is missing; the names were asked for all the same.
  }
  return asked;
}
