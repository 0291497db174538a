import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { parse } from "yaml";
import { kubernetesVersion, minorOf, wantedMinor } from "./binaries.ts";
import { startControlPlane, type ControlPlane, type Part } from "./control-plane.ts";
import { clusterKind } from "../support/stack.ts";
import { describeUnless } from "../support/sample.ts";

// The first run on a machine builds the binaries.
const WITH_BUILD_MS = 45 * 60_000;

// Beside the dev cluster nobody asked for a build of several minutes.
describeUnless(clusterKind === "real" ? undefined : "runs with `--cluster real` and in `npm run e2e:full`", "the real control plane", () => {
  let first: ControlPlane;
  let second: ControlPlane;

  beforeAll(async () => {
    first = await startControlPlane({ log: console.log });
    second = await startControlPlane({ controllers: false });
  }, WITH_BUILD_MS);

  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
  });

  it("runs the version that the minor's go.mod names", async () => {
    if (process.env["KUBEBUILDER_ASSETS"] === undefined) expect(first.version).toBe(await kubernetesVersion(wantedMinor()));
    expect((await as(first, first.kubeconfig).get("/version")).body).toMatchObject({ gitVersion: first.version, major: "1" });
  });

  it("names the minors that there are when another is asked for", () => {
    expect(minorOf("v1.34.4")).toBe("1.34");
    expect(() => minorOf("1.20")).toThrow("Kubernetes 1.20 cannot be had; there are 1.36 and 1.34");
  });

  it("lets the administrator in and nobody else do anything", async () => {
    const stranger = as(first, await first.kubeconfigFor("mallory", ["visitors"]));

    expect((await as(first, first.kubeconfig).get("/api/v1/secrets")).status).toBe(200);
    expect(await stranger.get("/api/v1/secrets")).toMatchObject({ status: 403, body: { message: expect.stringContaining('User "mallory" cannot list resource "secrets"') } });
  });

  it("gives a new namespace its service account, whose token is accepted", async () => {
    const admin = as(first, first.kubeconfig);
    await admin.send("POST", "/api/v1/namespaces", { metadata: { name: "team-a" } });
    await eventually(async () => (await admin.get("/api/v1/namespaces/team-a/serviceaccounts/default")).status === 200);
    const { body } = await admin.send("POST", "/api/v1/namespaces/team-a/serviceaccounts/default/token", { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });

    const review = await as(first, first.kubeconfig, body.status.token).send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });
    expect(review.body.status.userInfo.username).toBe("system:serviceaccount:team-a:default");
  });

  it.each<{ parts: Part[] }>([{ parts: ["kube-apiserver"] }, { parts: ["etcd"] }, { parts: ["etcd", "kube-apiserver"] }])("takes $parts away and brings them back with everything that was written", async ({ parts }) => {
    const admin = as(second, second.kubeconfig);
    const namespace = `/api/v1/namespaces/${parts.join("-and-")}`;
    expect((await admin.send("POST", "/api/v1/namespaces", { metadata: { name: parts.join("-and-") } })).status).toBe(201);
    const before = second.pids;
    await second.kill(...parts);
    expect(await admin.get(`${namespace}?timeout=2s`).then(({ status }) => status, () => "no answer")).not.toBe(200);
    await second.revive(...parts);
    expect((await admin.get(namespace)).status).toBe(200);
    for (const [part, pid] of Object.entries(second.pids)) expect({ part, same: pid === before[part] }).toEqual({ part, same: !parts.includes(part as Part) });
  }, 120_000);

  it("keeps several apart", async () => {
    expect(second.url).not.toBe(first.url);
    expect(Object.keys(second.pids)).toEqual(["etcd", "kube-apiserver"]);
    expect((await as(second, second.kubeconfig).get("/api/v1/namespaces/team-a")).status).toBe(404);
  });

  it("leaves nothing behind", async () => {
    await second.stop();
    expect(existsSync(second.dir)).toBe(false);
    for (const pid of Object.values(second.pids)) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

interface Answer {
  status: number;
  body: any;
}

/** A client with the certificate of a kubeconfig, or with a token instead. */
function as(controlPlane: ControlPlane, kubeconfig: string, token?: string) {
  const send = async (method: string, path: string, content?: unknown): Promise<Answer> => {
    const config = parse(await readFile(kubeconfig, "utf8"));
    const decode = (text: string) => Buffer.from(text, "base64");
    const identity = token === undefined ? { cert: decode(config.users[0].user["client-certificate-data"]), key: decode(config.users[0].user["client-key-data"]) } : { headers: { authorization: `Bearer ${token}` } };
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, controlPlane.url), { method, agent: false, ca: decode(controlPlane.caData), ...identity }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode!, body: text.startsWith("{") ? JSON.parse(text) : text }));
      });
      call.on("error", reject);
      if (content !== undefined) call.setHeader("content-type", "application/json");
      call.end(content === undefined ? undefined : JSON.stringify(content));
    });
  };
  return { send, get: (path: string) => send("GET", path) };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) if (Date.now() > deadline) throw new Error(`not true after 15 s: ${condition}`);
}
