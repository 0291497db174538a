import { createAuthority } from "@trireme/rpc";
import { aWorld, type World } from "./context.ts";

const SERVICE = "certificate.CertificateService";
const text = (value: string): string => Buffer.from(value).toString("base64");
/** The data of a host key, which begins with its type. */
const key = (type: string, filling: number): string => Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.alloc(36, filling)]).toString("base64");
const ED = "ssh-ed25519";
const host = (serverName: string, filling = 1, certSubType = ED) => ({ serverName, certType: "ssh", certSubType, certData: text(key(certSubType, filling)) });

describe("certificates and known hosts", () => {
  let world: World;
  let token: string;
  beforeEach(async () => {
    world = aWorld();
    token = await world.tokenFor("admin");
  });
  const call = (method: string, request: object = {}) => world.call(SERVICE, method, request, { token });
  const create = (items: object[], upsert = false) => call("CreateCertificate", { certificates: { items }, upsert });
  const kept = async (): Promise<string[]> => (await call("ListCertificates")).items.map(({ serverName, certType, certSubType }: Record<string, string>) => `${serverName} ${certType} ${certSubType}`);

  it("are kept with what can be told of them, and never shown whole", async () => {
    const { cert } = await createAuthority({ now: new Date(world.clock.now()), days: 1 });
    const { items } = await create([host("git.example.com"), { serverName: "charts.example.com", certType: "https", certData: text(cert) }]);
    expect(items).toMatchObject([{ certInfo: expect.stringMatching(/^SHA256:/) }, { certInfo: expect.stringContaining("CN=") }]);
    expect(JSON.stringify(items)).not.toContain("certData");
    expect(await kept()).toEqual(["charts.example.com https ec", "git.example.com ssh ssh-ed25519"]);
  });

  test.each([
    { what: "a key that is none", item: { serverName: "b.example.com", certType: "ssh", certSubType: ED, certData: text("AAAA") }, why: /"ssh-ed25519 AAAA" is not a public key of the server 'b.example.com'/ },
    { what: "a key of another type", item: { ...host("b.example.com"), certSubType: "ssh-rsa" }, why: /is not a public key of the server/ },
    { what: "a certificate that is none", item: { serverName: "b.example.com", certType: "https", certData: text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") }, why: /the certificate for server b.example.com cannot be read/ },
    { what: "a name that is none", item: { ...host("b example"), certType: "https" }, why: /"b example" is not a valid server name/ },
    { what: "another kind", item: { ...host("b.example.com"), certType: "gpg" }, why: /certificate type "gpg" is neither https nor ssh/ },
  ])("are kept all or not at all: $what", async ({ item, why }) => {
    await expect(create([host("a.example.com"), item])).rejects.toThrow(why);
    expect(await kept()).toEqual([]);
  });

  it("are replaced only where that is asked for; the same once more is no change", async () => {
    await create([host("git.example.com")]);
    await create([host("git.example.com")]);
    await expect(create([host("git.example.com", 2)])).rejects.toThrow("key for 'git.example.com' (subtype: 'ssh-ed25519') already exists and upsert was not specified");
    await create([host("git.example.com", 2)], true);
    await create([host("git.example.com", 1, "ssh-rsa")]);
    expect(world.ctx.settings.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"]).toBe(`git.example.com ${ED} ${key(ED, 2)}\ngit.example.com ssh-rsa ${key("ssh-rsa", 1)}\n`);
  });

  it("are taken away by name, kind and type", async () => {
    await create([host("git.example.com"), host("git.example.com", 1, "ssh-rsa"), host("[git.example.net]:2222")]);
    await call("DeleteCertificate", { hostNamePattern: "git.example.com", certType: "ssh", certSubType: "ssh-rsa" });
    expect(await kept()).toEqual(["[git.example.net]:2222 ssh ssh-ed25519", "git.example.com ssh ssh-ed25519"]);
    await call("DeleteCertificate", { hostNamePattern: "git.*" });
    expect(await kept()).toEqual(["[git.example.net]:2222 ssh ssh-ed25519"]);
  });

  it("of one host go from a line that stands for several, and comments stay", async () => {
    const lines = `# ours\na.example.com,b.example.com ${ED} ${key(ED, 1)} by hand\n`;
    await world.plane.client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-ssh-known-hosts-cm", namespace: "argocd" }, data: { ssh_known_hosts: lines } } as never);
    await call("DeleteCertificate", { hostNamePattern: "a.example.com" });
    expect(world.ctx.settings.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"]).toBe(lines.replace("a.example.com,", ""));
    await create([host("b.example.com", 2)], true);
    expect(world.ctx.settings.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"]).toBe(`# ours\nb.example.com ${ED} ${key(ED, 2)}\n`);
  });
});
