import { Code, AppError } from "@trireme/runtime";
import { aWorld, encoded, type WorldOptions } from "./context.ts";

const repository = (name: string, data: Record<string, string>) => ({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "repository" } }, data: encoded(data) });
const OBJECTS = [
  repository("repo-git", { url: "https://git.test/team.git", username: "ann", password: "p" }),
  repository("repo-charts", { url: "registry.test/charts", type: "helm", enableOCI: "true", username: "robot", password: "p" }),
  repository("repo-own", { url: "oci://registry.test/charts/own", type: "oci", username: "own", password: "p" }),
  repository("repo-theirs", { url: "registry.test/charts/theirs", type: "helm", enableOCI: "true", project: "theirs", username: "theirs", password: "p" }),
];
const POLICY = "p, ann, repositories, get, *, allow\np, ann, applications, create, default/*, allow\np, bob, repositories, get, *, allow";

async function asked(method: string, request: object, { as = "ann", ...options }: WorldOptions & { as?: string } = {}) {
  const world = aWorld({ objects: OBJECTS, rbac: { "policy.csv": POLICY }, ...options });
  const [service, name] = method.split("/") as [string, string];
  return world.call(service, name, request, { token: await world.tokenFor(as) });
}

describe("the tags of an OCI registry", () => {
  const TAGS = "repository.RepositoryService/ListOCITags";
  const who = (repo: string, more: object = {}) => {
    const requests: unknown[] = [];
    const tags = async (request: any) => (requests.push([request.repository.url, request.repository.username, request.chart]), { tags: ["2.0.0", "1.0.0"] });
    return asked(TAGS, { repo, ...more }, { repo: { tags } }).then((answer) => ({ answer, asked: requests[0] }));
  };

  test.each([
    { name: "a chart below a registry that is connected", repo: "registry.test/charts/team/web", reached: ["registry.test/charts", "robot", "team/web"] },
    { name: "the same with its scheme", repo: "oci://registry.test/charts/web", reached: ["registry.test/charts", "robot", "web"] },
    { name: "an artefact that is connected by itself", repo: "oci://registry.test/charts/own", reached: ["oci://registry.test/charts/own", "own", ""] },
    { name: "what only begins like a registry's URL", repo: "registry.test/charts-of-others/web", reached: ["registry.test/charts-of-others/web", "", ""] },
    { name: "a chart in a registry of another project", repo: "registry.test/charts/theirs/web", reached: ["registry.test/charts", "robot", "theirs/web"] },
  ])("are asked for $name", async ({ repo, reached }) => expect(await who(repo)).toEqual({ answer: { tags: ["2.0.0", "1.0.0"] }, asked: reached }));

  it("are asked with the project's own credentials", async () => {
    expect((await who("registry.test/charts/theirs/web", { appProject: "theirs" })).asked).toEqual(["registry.test/charts/theirs", "theirs", "web"]);
  });

  it("are for whoever may read the registry, whatever the name of the chart", async () => {
    const rbac = { "policy.csv": "p, ann, repositories, get, registry.test/charts/*, allow" };
    await expect(asked(TAGS, { repo: "registry.test/charts/web" }, { rbac })).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  it("are not known where the registry does not tell them, and its words are passed on", async () => {
    const refused = new AppError("registry.test/charts/web: the registry answers 403: no", { reason: "ChartRepositoryError", code: Code.PermissionDenied, retry: "never" });
    await expect(asked(TAGS, { repo: "registry.test/charts/web" }, { repo: { tags: async () => Promise.reject(refused) } })).rejects.toThrow("the registry answers 403: no");
  });
});

describe("the paths of a repository", () => {
  const listPaths = async ({ mostDirectories = 0 }: any) => ({ typesByPath: { k: "Kustomize", ".": "Helm" }, revision: "1", directories: mostDirectories > 0 ? ["plain"] : [], moreDirectories: mostDirectories > 0 });
  const request = { repo: "https://git.test/team.git", revision: "main", appProject: "default" };

  it("are those that Argo CD tells", async () => {
    expect(await asked("repository.RepositoryService/ListApps", request, { repo: { listPaths } })).toEqual({ items: [{ path: ".", type: "Helm" }, { path: "k", type: "Kustomize" }] });
  });

  it("have plain directories beside them, and say whether there are more", async () => {
    expect(await asked("trireme.v1.DirectoryService/List", request, { repo: { listPaths } })).toEqual({ items: ["plain"], more: true });
  });

  test.each(["repository.RepositoryService/ListApps", "trireme.v1.DirectoryService/List"])("%s is not for who may not make an application of them", async (method) => {
    await expect(asked(method, request, { repo: { listPaths }, as: "bob" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    await expect(asked(method, { ...request, appProject: "others" }, { repo: { listPaths } })).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});
