import { parseSettings, SECRET_TYPE } from "../settings.ts";
import { encodeBase64 } from "../kube-data.ts";
import { chartRepositories, repositoryAccess, trustOf } from "./access.ts";

const TRUST = { tlsCertificates: { "git.example.com": "CERTIFICATE" }, sshKnownHosts: "git.example.com ssh-ed25519 AAAA" };

describe(repositoryAccess, () => {
  test.each([
    { url: "https://git.example.com/team/app.git", trusted: true },
    { url: "https://git.example.com:8443/team/app.git", trusted: true },
    { url: "ssh://git@git.example.com:22/team/app.git", trusted: true },
    { url: "git@git.example.com:team/app.git", trusted: true },
    { url: "git.example.com/charts", trusted: true },
    { url: "git.example.com:5000/charts", trusted: true },
    { url: "https://other.example.com/git.example.com", trusted: false },
    { url: "git@other.example.com:git.example.com/app.git", trusted: false },
    { url: "", trusted: false },
  ])("$url has the certificate of its host: $trusted", ({ url, trusted }) => {
    expect(repositoryAccess({ repo: url }, TRUST)).toMatchObject({ url, caData: trusted ? "CERTIFICATE" : "", sshKnownHosts: TRUST.sshKnownHosts });
  });
});

describe(trustOf, () => {
  it("is what the two ConfigMaps hold, and nothing where there are none", () => {
    const held: Record<string, { data: Record<string, string> }> = { "argocd-tls-certs-cm": { data: TRUST.tlsCertificates }, "argocd-ssh-known-hosts-cm": { data: { ssh_known_hosts: TRUST.sshKnownHosts } } };
    expect(trustOf({ configMap: (name) => held[name] })).toEqual(TRUST);
    expect(trustOf({ configMap: () => undefined })).toEqual({ tlsCertificates: {}, sshKnownHosts: "" });
  });
});

describe(chartRepositories, () => {
  it("are those of Helm and OCI that are the project's or everybody's, with the credentials of their template", () => {
    const secret = (name: string, type: string, data: Record<string, string>) => ({ apiVersion: "v1", kind: "Secret", metadata: { name, labels: { [SECRET_TYPE]: type } }, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)])) });
    const settings = parseSettings({
      configMaps: [],
      secrets: [
        secret("helm", "repository", { type: "helm", name: "charts", url: "https://charts.example.com/" }),
        secret("oci", "repository", { type: "oci", name: "images", url: "oci://registry.example.com/charts" }),
        secret("old-oci", "repository", { type: "helm", name: "old", url: "registry.example.com/old", enableOCI: "true" }),
        secret("theirs", "repository", { type: "helm", name: "theirs", url: "https://theirs.example.com/", project: "theirs" }),
        secret("git", "repository", { type: "git", url: "https://git.example.com/app.git" }),
        secret("template", "repo-creds", { url: "https://charts.example.com", username: "reader", password: "secret" }),
      ],
    });
    expect(chartRepositories("ours", settings, TRUST).map(({ url, username }) => [url, username])).toEqual([["https://charts.example.com/", "reader"], ["oci://registry.example.com/charts", ""], ["registry.example.com/old", ""]]);
    expect(chartRepositories("theirs", settings, TRUST).map(({ url }) => url)).toContain("https://theirs.example.com/");
  });
});
