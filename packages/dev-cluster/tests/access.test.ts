import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

describe("who may do what", () => {
  let cluster: DevCluster;
  let http: Http;
  let clock = Date.now();
  beforeAll(async () => {
    cluster = await startDevCluster({ now: () => clock });
    http = new Http(cluster);
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });
  const as = (name: string, ...groups: string[]): { headers: Record<string, string> } => ({ headers: { "impersonate-user": name, ...(groups.length && { "impersonate-group": groups.join(",") }) } });
  const bind = (name: string, role: string, subject: Record<string, unknown>, namespace = "default") =>
    http.post(`${RBAC}/namespaces/${namespace}/rolebindings`, { metadata: { name }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role }, subjects: [subject] });
  const token = async (account: string): Promise<string> => {
    await http.post(ACCOUNTS, { metadata: { name: account } });
    const { body } = await http.post(`${ACCOUNTS}/${account}/token`, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } });
    return body.status.token;
  };

  it("lets nobody in with a wrong token, and strangers only where everybody may", async () => {
    expect((await http.get("/api/v1/pods", { token: "wrong" })).body).toMatchObject({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
    expect((await http.get("/version", { token: "" })).code).toBe(200);
    expect((await http.get("/api/v1/pods", { token: "" })).body).toMatchObject({ code: 403, message: 'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope' });
    expect((await http.get("/metrics", { token: "" })).body.message).toBe('forbidden: User "system:anonymous" cannot get path "/metrics"');
  });

  it("gives what roles give, where they are bound", async () => {
    await bind("viewers", "view", { kind: "User", name: "vera" });
    expect((await http.get(MAPS, as("vera"))).code).toBe(200);
    expect((await http.get("/api/v1/namespaces/kube-system/configmaps", as("vera"))).code).toBe(403);
    expect((await http.post(MAPS, aConfigMap("x"), as("vera"))).body.message).toBe('configmaps is forbidden: User "vera" cannot create resource "configmaps" in API group "" in the namespace "default"');
    expect((await http.get("/api/v1/namespaces/default/secrets", as("vera"))).code).toBe(403);
    await bind("editors", "edit", { kind: "Group", name: "developers" });
    expect((await http.post(MAPS, aConfigMap("y"), as("emil", "developers"))).code).toBe(201);
  });

  it("narrows by name and by subresource", async () => {
    await http.post(`${RBAC}/namespaces/default/roles`, { metadata: { name: "narrow" }, rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["one"], verbs: ["get", "patch"] }, { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }] });
    await http.post(`${RBAC}/namespaces/default/rolebindings`, { metadata: { name: "narrow" }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "narrow" }, subjects: [{ kind: "User", name: "nora" }] });
    await http.post(MAPS, aConfigMap("one"));
    expect((await http.get(`${MAPS}/one`, as("nora"))).code).toBe(200);
    expect((await http.get(`${MAPS}/two`, as("nora"))).code).toBe(403);
    expect((await http.get(`${MAPS}?fieldSelector=metadata.name%3Done`, as("nora"))).code).toBe(403);
    expect((await http.get("/api/v1/namespaces/default/pods/p/log", as("nora"))).code).toBe(404);
    expect((await http.get("/api/v1/namespaces/default/pods/p", as("nora"))).code).toBe(403);
  });

  it("knows service accounts by their tokens, until these end", async () => {
    const given = await token("robot");
    expect((await http.get(MAPS, { token: given })).body.message).toContain('User "system:serviceaccount:default:robot" cannot list');
    await bind("robots", "view", { kind: "ServiceAccount", name: "robot", namespace: "default" });
    expect((await http.get(MAPS, { token: given })).code).toBe(200);
    const { body: who } = await http.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }, { token: given });
    expect(who.status.userInfo).toMatchObject({ username: "system:serviceaccount:default:robot", groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"] });
    const { body: review } = await http.post("/apis/authentication.k8s.io/v1/tokenreviews", { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token: given } });
    expect(review.status).toMatchObject({ authenticated: true, user: { username: "system:serviceaccount:default:robot" } });
    const before = clock;
    clock += 2 * 3600_000;
    expect((await http.get(MAPS, { token: given })).code).toBe(401);
    clock = before;
    await http.delete(`${ACCOUNTS}/robot`);
    expect((await http.get(MAPS, { token: given })).code).toBe(401);
  });

  it("fills the token Secrets of accounts", async () => {
    await http.post(ACCOUNTS, { metadata: { name: "lasting" } });
    await http.post("/api/v1/namespaces/default/secrets", { metadata: { name: "lasting-token", annotations: { "kubernetes.io/service-account.name": "lasting" } }, type: "kubernetes.io/service-account-token" });
    using watch = await http.watch("/api/v1/namespaces/default/secrets?watch=1");
    let secret: any;
    while (!secret?.data?.token) secret = (await watch.next()).object;
    expect(Object.keys(secret.data).sort()).toEqual(["ca.crt", "namespace", "token"]);
    const { body } = await http.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, { token: Buffer.from(secret.data.token, "base64").toString() });
    expect(body.status.userInfo.username).toBe("system:serviceaccount:default:lasting");
  });

  it("impersonates only for those who may", async () => {
    await http.post(`${RBAC}/clusterroles`, { metadata: { name: "impersonators" }, rules: [{ apiGroups: [""], resources: ["serviceaccounts"], resourceNames: ["target"], verbs: ["impersonate"] }] });
    await http.post(`${RBAC}/clusterrolebindings`, { metadata: { name: "impersonators" }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "impersonators" }, subjects: [{ kind: "ServiceAccount", name: "actor", namespace: "default" }] });
    const actor = await token("actor");
    await token("target");
    await bind("targets", "view", { kind: "ServiceAccount", name: "target", namespace: "default" });
    expect((await http.get(MAPS, { token: actor, ...as("system:serviceaccount:default:target") })).code).toBe(200);
    expect((await http.get(MAPS, { token: actor, ...as("vera") })).body.message).toBe('users "vera" is forbidden: User "system:serviceaccount:default:actor" cannot impersonate resource "users" in API group "" at the cluster scope');
    expect((await http.get(MAPS, { token: actor, ...as("system:serviceaccount:default:target", "system:masters") })).code).toBe(403);
  });

  it("lets nobody grant what they do not have", async () => {
    const role = (verbs: string[]): any => ({ metadata: { name: "grant" }, rules: [{ apiGroups: [""], resources: ["secrets"], verbs }] });
    await bind("roleadmins", "admin", { kind: "User", name: "rita" });
    expect((await http.post(`${RBAC}/namespaces/default/roles`, role(["get"]), as("rita"))).code).toBe(201);
    const more = await http.put(`${RBAC}/namespaces/default/roles/grant`, { metadata: { name: "grant" }, rules: [{ apiGroups: ["test.dev"], resources: ["widgets"], verbs: ["get"] }] }, as("rita"));
    expect(more.body.message).toBe('roles.rbac.authorization.k8s.io "grant" is forbidden: user "rita" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["test.dev"], Resources:["widgets"], Verbs:["get"]}');
    const bound = await http.post(`${RBAC}/namespaces/default/rolebindings`, { metadata: { name: "up" }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" }, subjects: [{ kind: "User", name: "rita" }] }, as("rita"));
    expect(bound.code).toBe(403);
  });

  it("adds up aggregated roles", async () => {
    await http.post(`${RBAC}/clusterroles`, { metadata: { name: "widget-viewers", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } }, rules: [{ apiGroups: ["test.dev"], resources: ["widgets"], verbs: ["list"] }] });
    const { body } = await http.get(`${RBAC}/clusterroles/view`);
    expect(body.rules).toContainEqual({ apiGroups: ["test.dev"], resources: ["widgets"], verbs: ["list"] });
    const { body: review } = await http.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec: { user: "vera", resourceAttributes: { verb: "list", group: "test.dev", resource: "widgets", namespace: "default" } } });
    expect(review.status).toEqual({ allowed: true, reason: 'RBAC: allowed by RoleBinding "viewers/default" of ClusterRole "view" to User "vera"' });
  });

  it("answers what one may", async () => {
    const self = (spec: unknown) => http.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec }, as("vera"));
    expect((await self({ resourceAttributes: { verb: "get", resource: "pods", namespace: "default" } })).body.status.allowed).toBe(true);
    expect((await self({ resourceAttributes: { verb: "delete", resource: "pods", namespace: "default" } })).body.status.allowed).toBe(false);
    const { body } = await http.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: "default" } }, as("vera"));
    expect(body.status).toMatchObject({ incomplete: false, nonResourceRules: expect.arrayContaining([{ verbs: ["get"], nonResourceURLs: expect.arrayContaining(["/version"]) }]) });
    expect(body.status.resourceRules.some((rule: any) => rule.resources.includes("configmaps") && rule.verbs.includes("list"))).toBe(true);
  });
});
