import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionFromClusterSecret, loadKubeconfig, renewedCredentials, serviceAccountConnection } from "../src/index.ts";

/** A client certificate that was valid for the first second of 2020. */
const ENDED = `-----BEGIN CERTIFICATE-----
MIIBCzCBs6ADAgECAgEHMAoGCCqGSM49BAMCMBAxDjAMBgNVBAMMBWVuZGVkMB4X
DTIwMDEwMTAwMDAwMFoXDTIwMDEwMTAwMDAwMVowEDEOMAwGA1UEAwwFZW5kZWQw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATXoSjpIJIfOG8VR9j/erMKzNk6bm2e
cw0NpPDb0I4f5li7hw15amKUr+6WZVhbqCktij09yZsWx+BQqhT/vAgsMAoGCCqG
SM49BAMCA0cAMEQCIEQNsysIEm8YZZxvnOXa+UyZTn5KaMJ6ldjlVymRxBiLAiBZ
4oMcWH9aTo75zJeqCA+COr/6HI5XKqo4JVRgpODCpA==
-----END CERTIFICATE-----
`;

const base64 = (text: string) => Buffer.from(text).toString("base64");

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "kubeconfig-test-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function aFile(name: string, content: string, mode = 0o600): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content, { mode });
  return path;
}

const aKubeconfig = (users: unknown, cluster: Record<string, unknown> = {}) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    contexts: [{ name: "one", context: { cluster: "c", user: "u", namespace: "dev" } }, { name: "lost", context: { cluster: "nowhere", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://one.test:6443/", "certificate-authority-data": base64("CA"), ...cluster } }],
    users: [{ name: "u", user: users }],
  });

/** A credential plugin in shell; what it prints is its answer. */
const aPlugin = (name: string, script: string) => aFile(name, `#!/bin/sh\n${script}\n`, 0o700);
const execCredential = (status: Record<string, unknown>) => JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status });

describe(loadKubeconfig, () => {
  it("reads server, certificate authority, namespace and a token", async () => {
    const { credentials, ...connection } = await loadKubeconfig(await aFile("token", aKubeconfig({ token: "t" })));
    expect(connection).toEqual({ server: "https://one.test:6443", tls: { ca: "CA" }, namespace: "dev" });
    expect(await credentials()).toEqual({ authorization: "Bearer t" });
  });

  it("reads client certificates from data and from files beside it", async () => {
    await aFile("client.key", "KEY");
    const connection = await loadKubeconfig(await aFile("certificate", aKubeconfig({ "client-certificate-data": base64("CERT"), "client-key": "client.key" }, { "insecure-skip-tls-verify": true, "tls-server-name": "api.test", "proxy-url": "socks5://proxy:1" })));
    expect(connection).toMatchObject({ tls: { insecure: true, serverName: "api.test" }, proxyUrl: "socks5://proxy:1" });
    expect(await connection.credentials()).toEqual({ cert: "CERT", key: "KEY" });
  });

  it("reads certificate files again after they were refused, as they are written anew", async () => {
    await aFile("rotated.crt", "FIRST");
    await aFile("rotated.key", "KEY-1");
    const connection = await loadKubeconfig(await aFile("rotated", aKubeconfig({ "client-certificate": "rotated.crt", "client-key": "rotated.key" })));
    expect(await connection.credentials()).toEqual({ cert: "FIRST", key: "KEY-1" });
    await aFile("rotated.crt", "SECOND");
    await aFile("rotated.key", "KEY-2");
    expect(await connection.credentials()).toEqual({ cert: "FIRST", key: "KEY-1" });
    expect(await connection.credentials({ renew: true })).toEqual({ cert: "SECOND", key: "KEY-2" });
  });

  it("impersonates where the kubeconfig says so", async () => {
    const connection = await loadKubeconfig(await aFile("as", aKubeconfig({ username: "me", password: "p", as: "other", "as-groups": ["g"] })));
    expect(await connection.credentials()).toEqual({ authorization: `Basic ${base64("me:p")}`, headers: { "impersonate-user": "other", "impersonate-group": ["g"] } });
  });

  it("merges the files of KUBECONFIG, the first word winning", async () => {
    const first = await aFile("first", aKubeconfig({ token: "first" }));
    const second = await aFile("second", aKubeconfig({ token: "second" }));
    process.env["KUBECONFIG"] = `${join(dir, "missing")}:${first}:${second}`;
    try {
      expect(await (await loadKubeconfig()).credentials()).toEqual({ authorization: "Bearer first" });
    } finally {
      delete process.env["KUBECONFIG"];
    }
  });

  it("runs a credential plugin once while its token lasts, telling it about the cluster", async () => {
    const plugin = await aPlugin("plugin", `echo "$KUBERNETES_EXEC_INFO" >> '${join(dir, "runs")}'; echo '${execCredential({ token: "TOKEN" })}' | sed "s/TOKEN/$WHO/"`);
    const connection = await loadKubeconfig(await aFile("exec", aKubeconfig({ exec: { command: plugin, env: [{ name: "WHO", value: "me" }], apiVersion: "client.authentication.k8s.io/v1", provideClusterInfo: true } })));
    expect(await connection.credentials()).toEqual({ authorization: "Bearer me" });
    await connection.credentials();
    await connection.credentials({ renew: true });
    const runs = (await readFile(join(dir, "runs"), "utf8")).trim().split("\n");
    expect(runs).toHaveLength(2);
    expect(JSON.parse(runs[0]!)).toEqual({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", spec: { interactive: false, cluster: { server: "https://one.test:6443", "certificate-authority-data": base64("CA") } } });
  });

  it("runs a credential plugin again when the certificate that it gave has ended", async () => {
    const plugin = await aPlugin("certificates", `echo run >> '${join(dir, "certificate-runs")}'; cat '${await aFile("credential.json", execCredential({ clientCertificateData: ENDED, clientKeyData: "KEY" }))}'`);
    const connection = await loadKubeconfig(await aFile("exec-certificate", aKubeconfig({ exec: { command: plugin } })));
    for (let index = 0; index < 3; index++) expect(await connection.credentials()).toEqual({ cert: ENDED, key: "KEY" });
    expect((await readFile(join(dir, "certificate-runs"), "utf8")).trim().split("\n")).toHaveLength(3);
  });

  test.each([
    { name: "a failing plugin", user: (plugin: string) => ({ exec: { command: plugin } }), script: "echo 'login first' >&2; exit 3", want: /plugin .* ended with code 3: login first/ },
    { name: "a plugin that prints nonsense", user: (plugin: string) => ({ exec: { command: plugin } }), script: "echo hello", want: /printed no ExecCredential/ },
    { name: "a plugin that gives nothing", user: (plugin: string) => ({ exec: { command: plugin } }), script: `echo '${execCredential({})}'`, want: /neither a token nor a client certificate/ },
    { name: "a plugin that is not installed", user: () => ({ exec: { command: "no-such-plugin", installHint: "apt install it" } }), script: "", want: /no-such-plugin is not installed: apt install it/ },
    { name: "a token file that is missing", user: () => ({ tokenFile: "nowhere" }), script: "", want: /cannot read the token file .*nowhere/ },
  ])("explains $name", async ({ user, script, want }) => {
    const plugin = await aPlugin("bad-plugin", script);
    const connection = await loadKubeconfig(await aFile("bad", aKubeconfig(user(plugin))));
    await expect(connection.credentials()).rejects.toThrow(want);
  });

  test.each([
    { name: "a file that is missing", path: "missing", want: /cannot read the kubeconfig .*missing/ },
    { name: "what is no YAML", path: "garbage", content: "{", want: /garbage is not a kubeconfig/ },
    { name: "an unknown context", path: "good", content: aKubeconfig({}), context: "two", want: /good has no context "two"; it has one, lost/ },
    { name: "a context whose cluster is missing", path: "good", content: aKubeconfig({}), context: "lost", want: /context lost names the cluster "nowhere", which is not there/ },
    { name: "no context at all", path: "empty", content: "{}", want: /empty has no current-context/ },
  ])("explains $name", async ({ path, content, context, want }) => {
    const file = content === undefined ? join(dir, path) : await aFile(path, content);
    await expect(loadKubeconfig(file, context)).rejects.toThrow(want);
  });
});

describe(serviceAccountConnection, () => {
  it("reads the mounted account, and its token again when it is refused", async () => {
    await aFile("token", "one\n");
    await aFile("ca.crt", "CA");
    await aFile("namespace", "argocd");
    const connection = await serviceAccountConnection({ server: "https://10.96.0.1:443", dir });
    expect(connection).toMatchObject({ namespace: "argocd", tls: { ca: "CA" } });
    expect(await connection.credentials()).toEqual({ authorization: "Bearer one" });
    await aFile("token", "two\n");
    expect(await connection.credentials()).toEqual({ authorization: "Bearer one" });
    expect(await connection.credentials({ renew: true })).toEqual({ authorization: "Bearer two" });
  });
});

describe(connectionFromClusterSecret, () => {
  test.each([
    { name: "a bearer token", config: { bearerToken: "t", tlsClientConfig: { caData: base64("CA"), serverName: "api" } }, tls: { ca: "CA", serverName: "api" }, want: { authorization: "Bearer t" } },
    { name: "user and password", config: { username: "u", password: "p", tlsClientConfig: { insecure: true } }, tls: { insecure: true }, want: { authorization: `Basic ${base64("u:p")}` } },
    { name: "a client certificate", config: { tlsClientConfig: { certData: base64("CERT"), keyData: base64("KEY") } }, tls: {}, want: { cert: "CERT", key: "KEY" } },
    { name: "nothing", config: {}, tls: {}, want: {} },
  ])("takes $name", async ({ config, tls, want }) => {
    const connection = connectionFromClusterSecret(JSON.stringify(config), "https://two.test/");
    expect(connection).toMatchObject({ server: "https://two.test", tls });
    expect(await connection.credentials()).toEqual(want);
  });

  it("runs Argo's exec provider, whose environment is a map", async () => {
    const plugin = await aPlugin("argo-plugin", `echo "{\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$1-$WHO\\"}}"`);
    const connection = connectionFromClusterSecret({ execProviderConfig: { command: plugin, args: ["arg"], env: { WHO: "me" }, apiVersion: "client.authentication.k8s.io/v1beta1" }, proxyUrl: "http://proxy:3128" }, "https://two.test");
    expect(connection.proxyUrl).toBe("http://proxy:3128");
    expect(await connection.credentials()).toEqual({ authorization: "Bearer arg-me" });
  });

  test.each([
    { name: "text that is no JSON, without quoting it", config: '{"bearerToken": "s3cret"', want: "cluster https://two.test: the Secret's config is not a JSON object" },
    { name: "insecure together with an authority", config: { tlsClientConfig: { insecure: true, caData: "Q0E=" } }, want: "cluster https://two.test: tlsClientConfig has both insecure and caData; keep one" },
    { name: "a certificate without its key", config: { tlsClientConfig: { certData: "Q0E=" } }, want: "cluster https://two.test: tlsClientConfig needs certData and keyData together" },
  ])("refuses $name", ({ config, want }) => expect(() => connectionFromClusterSecret(config, "https://two.test")).toThrow(new Error(want)));
});

describe(renewedCredentials, () => {
  it("loads once for all who ask together, and again when time is up", async () => {
    let loads = 0;
    const credentials = renewedCredentials(async () => ({ credentials: { authorization: String(++loads) }, expiresAt: Date.now() + 20 }));
    expect(await Promise.all([credentials(), credentials(), credentials()])).toEqual([{ authorization: "1" }, { authorization: "1" }, { authorization: "1" }]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await credentials()).toEqual({ authorization: "2" });
  });

  it("asks again after a failure", async () => {
    let loads = 0;
    const credentials = renewedCredentials(async () => {
      if (++loads === 1) throw new Error("not yet");
      return { credentials: {} };
    });
    await expect(credentials()).rejects.toThrow("not yet");
    await expect(credentials()).resolves.toEqual({});
  });
});
