import { anApplication, aProject, aWorld, encoded } from "./context.ts";

const LINKS = `
- title: Logs
  url: https://logs.test/?ns={{ .application.spec.destination.namespace }}&cluster={{ .cluster.name }}
  description: What it says
  icon.class: fa-book
  if: application.spec.project == "default" && app.metadata.labels.team matches "^bl"
- {title: Others, url: "https://others.test", if: application.spec.project == "others"}
- {title: Team, url: "mailto:{{ .app.metadata.labels.team }}@web.test"}
- {title: Managed, url: "{{ .managedByURL }}/applications/{{ .app.metadata.name }}"}
- {title: Script, url: "javascript:alert('{{ .app.metadata.name }}')"}
- {title: No answer, url: "https://x.test", if: 1 + 1}
- {title: No template, url: "https://x.test/{{ env }}"}
- {title: Nothing there, url: "https://x.test/{{ .project.metadata.name }}"}
`;

const app = anApplication("web", { metadata: { uid: "app-uid", labels: { team: "blue" }, annotations: { "argocd.argoproj.io/managed-by-url": "https://hub.test" } } });
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys", namespace: "user01", uid: "secret-uid" }, data: encoded({ key: "hunter2" }) };
const tree = { nodes: [{ version: "v1", kind: "Secret", namespace: "user01", name: "keys", uid: "secret-uid" }] };

async function asked(method: string, request: unknown, config: Record<string, string>, policy = "p, ann, *, *, *, allow") {
  const world = aWorld({ config, objects: [app, secret, aProject("team", { description: "Ours" })], rbac: { "policy.csv": policy }, controller: { resourceTree: async () => ({ json: Buffer.from(JSON.stringify(tree)) }) } });
  const [service, name] = method.split("/") as [string, string];
  return world.call(service, name, request, { token: await world.tokenFor("ann") });
}

describe("deep links", () => {
  it("are filled in where their condition holds, and lead only to pages and mailboxes", async () => {
    expect(await asked("application.ApplicationService/ListLinks", { name: "web" }, { "application.links": LINKS })).toEqual({
      items: [
        { title: "Logs", url: "https://logs.test/?ns=user01&cluster=in-cluster", description: "What it says", iconClass: "fa-book" },
        { title: "Team", url: "mailto:blue@web.test" },
        { title: "Managed", url: "https://hub.test/applications/web" },
      ],
    });
  });

  it("of an object speak of all but what is secret in it", async () => {
    const request = { name: "web", kind: "Secret", version: "v1", namespace: "user01", resourceName: "keys" };
    const { items } = await asked("application.ApplicationService/ListResourceLinks", request, { "resource.links": `- {title: One, url: "https://x.test/{{ .resource.metadata.name }}/{{ .resource.data.key }}/{{ .project.metadata.name }}", if: "resource.kind in ['Secret']"}\n- {title: Two, url: "https://x.test", if: resource.kind == "Pod"}` });
    expect(items).toEqual([{ title: "One", url: "https://x.test/keys/++++++++/default" }]);
  });

  it("of a project", async () => {
    expect(await asked("project.ProjectService/ListLinks", { name: "team" }, { "project.links": '- {title: Audit, url: "https://audit.test/?project={{ .project.metadata.name | upper }}", if: project.spec.description == "Ours"}' })).toEqual({ items: [{ title: "Audit", url: "https://audit.test/?project=TEAM" }] });
  });

  it("are nobody's who may not see what they belong to", async () => {
    await expect(asked("application.ApplicationService/ListLinks", { name: "web" }, { "application.links": LINKS }, "p, ann, applications, get, default/other, allow")).rejects.toThrow("permission denied");
  });
});
