import { repositoryFrom, templateFrom, type Way } from "./ways.ts";

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe("repositoryFrom", () => {
  test.each<{ name: string; way: Way; typed: Record<string, string>; sent: object }>([
    { name: "HTTPS, with what is empty left out", way: "https", typed: { repo: " https://git.test/shop.git ", username: "ann", password: " kept as it is ", name: "", project: "team", insecure: "on" }, sent: { repo: "https://git.test/shop.git", type: "git", username: "ann", password: " kept as it is ", project: "team", insecure: true } },
    { name: "SSH, whose check of the host is of another name", way: "ssh", typed: { repo: "git@git.test:shop.git", sshPrivateKey: "-----BEGIN KEY-----\n", insecure: "on" }, sent: { repo: "git@git.test:shop.git", type: "git", sshPrivateKey: "-----BEGIN KEY-----\n", insecure: true, insecureIgnoreHostKey: true } },
    { name: "a GitHub App, by numbers, without an installation where none is given", way: "githubApp", typed: { repo: "https://github.com/team/shop", githubAppID: " 4711 ", githubAppInstallationID: "", githubAppPrivateKey: "-----BEGIN KEY-----\n", githubAppEnterpriseBaseUrl: " https://ghe.test/api/v3 " }, sent: { repo: "https://github.com/team/shop", type: "git", githubAppID: 4711, githubAppPrivateKey: "-----BEGIN KEY-----\n", githubAppEnterpriseBaseUrl: "https://ghe.test/api/v3" } },
    { name: "Helm", way: "helm", typed: { repo: "https://charts.test", name: "charts" }, sent: { repo: "https://charts.test", type: "helm", name: "charts" } },
    { name: "OCI, which Argo CD writes without its scheme", way: "oci", typed: { repo: "oci://registry.test/charts", name: "charts" }, sent: { repo: "registry.test/charts", type: "helm", enableOCI: true, name: "charts" } },
  ])("sends $name", ({ way, typed, sent }) => expect(repositoryFrom(way, form(typed))).toEqual(sent));
});

describe("templateFrom", () => {
  it("keeps what opens repositories, not what names one", () => {
    expect(templateFrom("https", form({ repo: "https://git.test/team", name: "x", project: "team", username: "ann", password: "p", insecure: "on" }))).toEqual({ url: "https://git.test/team", type: "git", username: "ann", password: "p" });
  });
});
