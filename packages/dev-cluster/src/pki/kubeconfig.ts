export interface KubeconfigParts {
  url: string;
  caCert: string;
  /** Client certificate and key, or a bearer token. */
  user: { cert: string; key: string } | { token: string };
  name?: string;
  namespace?: string;
}

/** Kubeconfig text (YAML that is also JSON-simple) for one cluster and one user. */
export function kubeconfigText({ url, caCert, user, name = "trireme-dev", namespace }: KubeconfigParts): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const credentials = "token" in user ? [`    token: ${user.token}`] : [`    client-certificate-data: ${base64(user.cert)}`, `    client-key-data: ${base64(user.key)}`];
  return [
    "apiVersion: v1",
    "kind: Config",
    `current-context: ${name}`,
    "clusters:",
    `- name: ${name}`,
    "  cluster:",
    `    server: ${url}`,
    `    certificate-authority-data: ${base64(caCert)}`,
    "contexts:",
    `- name: ${name}`,
    "  context:",
    `    cluster: ${name}`,
    `    user: ${name}-admin`,
    ...(namespace ? [`    namespace: ${namespace}`] : []),
    "users:",
    `- name: ${name}-admin`,
    "  user:",
    ...credentials,
    "",
  ].join("\n");
}
