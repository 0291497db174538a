import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeYaml } from "@trireme/api";

/** A chart repository or registry that a chart may take its dependencies from. */
export interface HelmRepository {
  name: string;
  url: string;
  oci: boolean;
  username?: string;
  password?: string;
  insecure?: boolean;
  caData?: string;
  certData?: string;
  keyData?: string;
  /** False where the project does not permit it: then a failure says so. */
  permitted?: boolean;
}

/** Writes a Helm home with repositories and registry logins, so that no credential is ever an argument. Returns its environment. */
export function writeHelmHome(home: string, repositories: readonly HelmRepository[], passCredentials: boolean): Record<string, string> {
  const config = path.join(home, "config");
  const certificates = path.join(home, "certificates");
  for (const folder of [config, certificates, path.join(home, "cache"), path.join(home, "data")]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, content: string): string => {
    const file = path.join(certificates, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const entries = repositories
    .filter((repository) => !repository.oci)
    .map((repository, index) => ({
      name: repository.name || `repository-${index}`,
      url: repository.url,
      username: repository.username ?? "",
      password: repository.password ?? "",
      certFile: repository.certData ? write(`${index}.crt`, repository.certData) : "",
      keyFile: repository.keyData ? write(`${index}.key`, repository.keyData) : "",
      caFile: repository.caData ? write(`${index}.ca`, repository.caData) : "",
      insecure_skip_tls_verify: repository.insecure === true,
      pass_credentials_all: passCredentials,
    }));
  writeFileSync(path.join(config, "repositories.yaml"), writeYaml({ apiVersion: "", generated: "0001-01-01T00:00:00Z", repositories: entries }), { mode: 0o600 });
  const auths = Object.fromEntries(
    repositories
      .filter((repository) => repository.oci && (repository.username || repository.password))
      .map((repository) => [repository.url.replace(/^oci:\/\//, "").split("/")[0]!, { auth: Buffer.from(`${repository.username ?? ""}:${repository.password ?? ""}`).toString("base64") }]),
  );
  mkdirSync(path.join(config, "registry"), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(config, "registry", "config.json"), JSON.stringify({ auths }), { mode: 0o600 });
  return {
    HOME: home,
    TMPDIR: home,
    HELM_CONFIG_HOME: config,
    HELM_CACHE_HOME: path.join(home, "cache"),
    HELM_DATA_HOME: path.join(home, "data"),
    HELM_REPOSITORY_CONFIG: path.join(config, "repositories.yaml"),
    HELM_REGISTRY_CONFIG: path.join(config, "registry", "config.json"),
    KUBECONFIG: "/dev/null",
  };
}
