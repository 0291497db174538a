import type { RepositoryToConnect } from "./use-repositories.ts";

/** How a repository is reached. */
export const WAYS = ["https", "ssh", "githubApp", "helm", "oci"] as const;
export type Way = (typeof WAYS)[number];

export const TEXT_FIELDS = ["repo", "name", "project", "username", "password", "bearerToken", "sshPrivateKey", "tlsClientCertData", "tlsClientCertKey", "proxy", "noProxy", "githubAppPrivateKey", "githubAppEnterpriseBaseUrl"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export const NUMBERS = ["githubAppID", "githubAppInstallationID"] as const;
export const FLAGS = ["insecure", "forceHttpBasicAuth"] as const;

/** What is sent for what was typed; passwords and keys go as they are, the rest trimmed. */
export function repositoryFrom(way: Way, form: FormData): RepositoryToConnect {
  const text = (name: TextField): string => String(form.get(name) ?? "");
  const kept = ["password", "sshPrivateKey", "tlsClientCertData", "tlsClientCertKey", "githubAppPrivateKey"];
  const texts = Object.fromEntries(TEXT_FIELDS.map((name) => [name, kept.includes(name) ? text(name) : text(name).trim()]).filter(([, value]) => value !== ""));
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, Number(form.get(name) ?? 0)]).filter(([, value]) => value !== 0));
  const flags = Object.fromEntries(FLAGS.filter((name) => form.get(name) !== null).map((name) => [name, true]));
  return {
    ...texts,
    ...numbers,
    ...flags,
    ...(way === "ssh" && form.get("insecure") !== null && { insecureIgnoreHostKey: true }),
    repo: text("repo").trim().replace(way === "oci" ? /^oci:\/\// : /^$/, ""),
    type: way === "helm" || way === "oci" ? "helm" : "git",
    ...(way === "oci" && { enableOCI: true }),
  };
}

/** The template for every repository below a URL: what opens it, without what names one repository. */
export function templateFrom(way: Way, form: FormData): Record<string, unknown> {
  const { repo, name: _name, project: _project, insecure: _insecure, insecureIgnoreHostKey: _ignore, ...credentials } = repositoryFrom(way, form);
  return { ...credentials, url: repo };
}
