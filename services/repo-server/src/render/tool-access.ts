import { authorization, isHttpUrl, type RepositoryAccess } from "@trireme/git";
import type { HelmRepository } from "./helm-home.ts";

/** Git's settings for what a tool fetches itself, as environment: credentials are never arguments or files. */
export function gitEnvironment(accesses: readonly RepositoryAccess[]): Record<string, string> {
  const settings: [string, string][] = [];
  for (const access of accesses) {
    const header = authorization(access);
    if (isHttpUrl(access.url) && header !== undefined) settings.push([`http.${access.url.trim().replace(/\.git$/, "")}.extraHeader`, `Authorization: ${header}`], [`http.${access.url.trim()}.extraHeader`, `Authorization: ${header}`]);
    if (access.insecure === true) settings.push([`http.${access.url.trim()}.sslVerify`, "false"]);
  }
  return {
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])),
    ...proxyEnvironment(accesses[0]),
  };
}

export function proxyEnvironment(access: RepositoryAccess | undefined): Record<string, string> {
  if (!access?.proxy) return {};
  return { HTTP_PROXY: access.proxy, HTTPS_PROXY: access.proxy, http_proxy: access.proxy, https_proxy: access.proxy, ...(access.noProxy ? { NO_PROXY: access.noProxy, no_proxy: access.noProxy } : {}) };
}

/** Chart repositories among those that came with the call. `permitted` empty: nothing is said about it. */
export function helmRepositories(accesses: readonly RepositoryAccess[], permitted: readonly string[]): HelmRepository[] {
  return accesses
    .filter((access) => access.type === "helm" || access.type === "oci")
    .map((access) => ({
      name: access.name ?? "",
      url: access.url,
      oci: access.enableOci === true || access.type === "oci" || access.url.startsWith("oci://"),
      ...(access.username ? { username: access.username } : {}),
      ...(access.password ? { password: access.password } : {}),
      ...(access.insecure === undefined ? {} : { insecure: access.insecure }),
      ...(access.caData ? { caData: access.caData } : {}),
      ...(access.tlsClientCertData ? { certData: access.tlsClientCertData } : {}),
      ...(access.tlsClientCertKey ? { keyData: access.tlsClientCertKey } : {}),
      ...(permitted.length === 0 ? {} : { permitted: permitted.includes(access.url) }),
    }));
}
