import { encodeBase64, type DataObject } from "./kube-data.ts";
import { parseSettings } from "./settings.ts";

const aMap = (name: string, data: Record<string, string>): DataObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
const aSecret = (name: string, data: Record<string, string>, labels: Record<string, string> = {}): DataObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name, labels, uid: `uid-${name}` }, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)])) });

describe(parseSettings, () => {
  it("has Argo CD's defaults without any object", () => {
    const settings = parseSettings({ configMaps: [], secrets: [] });
    expect(settings).toMatchObject({
      tracking: { method: "annotation", labelKey: "app.kubernetes.io/instance", installationId: "" },
      timeouts: { reconciliationMs: 120_000, jitterMs: 60_000, hardReconciliationMs: 0 },
      impersonation: { enabled: false, enforced: true },
      passwordPattern: "^.{8,32}$",
      sessionDurationMs: 86_400_000,
      rbac: { policyCsv: "", defaultRole: "", scopes: ["groups"], matchMode: "glob" },
      problems: [],
    });
    expect(settings.clusters.all.map((cluster) => cluster.name)).toEqual(["in-cluster"]);
    expect(settings.overrides.get("*/*")).toEqual({ ignoreDifferences: { jsonPointers: ["/status"] } });
    expect(settings.accounts.get("admin")).toMatchObject({ enabled: true, capabilities: ["login"] });
  });

  it("reads accounts with their passwords and tokens", () => {
    const { accounts } = parseSettings({
      configMaps: [aMap("argocd-cm", { "accounts.ci": "apiKey, login", "accounts.old": "login", "accounts.old.enabled": "false", "admin.enabled": "false" })],
      secrets: [aSecret("argocd-secret", { "accounts.ci.password": "$2a$10$hash", "accounts.ci.passwordMtime": "2026-01-02T03:04:05Z", "accounts.ci.tokens": '[{"id":"t","iat":5}]' })],
    });
    expect(accounts.get("ci")).toEqual({ name: "ci", enabled: true, capabilities: ["apiKey", "login"], passwordHash: "$2a$10$hash", passwordMtime: "2026-01-02T03:04:05Z", tokens: [{ id: "t", iat: 5 }] });
    expect(accounts.get("old")?.enabled).toBe(false);
    expect(accounts.get("admin")?.enabled).toBe(false);
  });

  it("joins policies in order of key", () => {
    const { rbac } = parseSettings({ configMaps: [aMap("argocd-rbac-cm", { "policy.csv": "a", "policy.z.csv": "z", "policy.b.csv": "b", "policy.default": "role:readonly", scopes: "[groups, email]" })], secrets: [] });
    expect(rbac).toEqual({ policyCsv: "a\nb\nz", defaultRole: "role:readonly", scopes: ["groups", "email"], matchMode: "glob" });
  });

  it("reads clusters, their restrictions included", () => {
    const { clusters } = parseSettings({
      configMaps: [],
      secrets: [aSecret("c", { server: "https://far/", name: "far", config: '{"bearerToken":"t"}', namespaces: "a, b", clusterResources: "true", shard: "1", project: "p" }, { "argocd.argoproj.io/secret-type": "cluster", env: "x" })],
    });
    expect(clusters.byServer("https://far")).toMatchObject({ id: "uid-c", name: "far", namespaces: ["a", "b"], clusterResources: true, shard: 1, project: "p", labels: { env: "x" }, config: { bearerToken: "t" } });
    expect(clusters.byName("in-cluster")).toHaveLength(1);
  });

  it("reads customizations from split keys, which win over the old map", () => {
    const { overrides, problems } = parseSettings({
      configMaps: [
        aMap("argocd-cm", {
          "resource.customizations": "apps/Deployment:\n  health.lua: old\n",
          "resource.customizations.health.apps_Deployment": "new",
          "resource.customizations.ignoreDifferences.all": "jsonPointers:\n- /spec/replicas\n",
          "resource.customizations.useOpenLibs.Certificate": "true",
        }),
      ],
      secrets: [],
    });
    expect(problems).toEqual([]);
    expect(overrides.get("apps/Deployment")?.healthLua).toBe("new");
    expect(overrides.get("*/*")?.ignoreDifferences).toEqual({ jsonPointers: ["/spec/replicas", "/status"] });
    expect(overrides.get("Certificate")?.useOpenLibs).toBe(true);
  });

  it("excludes before it includes, and everything else where inclusions exist", () => {
    const { resources } = parseSettings({ configMaps: [aMap("argocd-cm", { "resource.exclusions": "- kinds: [Secret]\n  clusters: ['https://prod-*']\n", "resource.inclusions": "- apiGroups: [apps]\n  clusters: ['https://small']\n" })], secrets: [] });
    expect(resources.excludes("", "Event", "x")).toBe(true);
    expect(resources.excludes("", "Secret", "https://prod-1")).toBe(true);
    expect(resources.excludes("", "Secret", "https://dev")).toBe(false);
    expect(resources.excludes("apps", "Deployment", "https://small")).toBe(false);
    expect(resources.excludes("", "ConfigMap", "https://small")).toBe(true);
  });

  it("follows references to other Secrets", () => {
    const { webhook } = parseSettings({ configMaps: [], secrets: [aSecret("argocd-secret", { "webhook.github.secret": "$hooks:github" }), aSecret("hooks", { github: "s3cret" }, { "app.kubernetes.io/part-of": "argocd" })] });
    expect(webhook.secrets["webhook.github.secret"]).toBe("s3cret");
  });

  it("goes on with the default where a key cannot be read, and says so", () => {
    const settings = parseSettings({ configMaps: [aMap("argocd-cm", { "timeout.reconciliation": "soon", "resource.exclusions": "- a: [", "exec.enabled": "true" })], secrets: [] });
    expect(settings.timeouts.reconciliationMs).toBe(120_000);
    expect(settings.exec.enabled).toBe(true);
    expect([...settings.problems].sort()).toEqual([expect.stringMatching(/^argocd-cm: resource.exclusions, line \d+ is not YAML/), "argocd-cm: timeout.reconciliation must be a duration like 120s"]);
  });
});
