import { randomBytes } from "node:crypto";
import type { AppProject } from "@trireme/api/argo";
import { isAlreadyExists } from "@trireme/kube";
import { rfc3339, type Clock, type Logger } from "@trireme/runtime";
import { encodeBase64 } from "@trireme/settings";
import type { ControlPlane } from "../state/control-plane.ts";
import { changeData } from "../state/write-secret.ts";
import { hashPassword, randomPassword } from "./passwords.ts";

export const INITIAL_PASSWORD_SECRET = "argocd-initial-admin-secret";
export const MAIN_SECRET = "argocd-secret";

/**
 * What an installation needs once: the key that signs tokens, a password for `admin` (told in a Secret
 * of its own, to be deleted after the first sign-in), and the project `default`. Whatever is there
 * already stays as it is; several replicas may start at the same time.
 */
export async function ensureInstallation(plane: ControlPlane, options: { clock: Clock; log: Logger; signal: AbortSignal }): Promise<void> {
  const { namespace } = plane;
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  let passwordSet = false;
  await changeData({
    client: plane.client,
    cache: plane.secrets,
    kind: "Secret",
    namespace,
    name: MAIN_SECRET,
    labels: { "app.kubernetes.io/name": MAIN_SECRET },
    signal: options.signal,
    change(data) {
      passwordSet = !data["admin.password"];
      if (data["server.secretkey"] && !passwordSet) return undefined;
      data["server.secretkey"] ||= encodeBase64(randomBytes(32).toString("base64url"));
      if (passwordSet) {
        data["admin.password"] = encodeBase64(passwordHash);
        data["admin.passwordMtime"] = encodeBase64(rfc3339(options.clock.now()));
      }
      return data;
    },
  });
  if (passwordSet) {
    await changeData({ client: plane.client, cache: plane.secrets, kind: "Secret", namespace, name: INITIAL_PASSWORD_SECRET, signal: options.signal, change: () => ({ password: encodeBase64(password) }) });
    options.log.info({ secret: `${namespace}/${INITIAL_PASSWORD_SECRET}` }, "made a password for admin");
  }
  await ensureDefaultProject(plane, options.signal);
}

async function ensureDefaultProject(plane: ControlPlane, signal: AbortSignal): Promise<void> {
  if (plane.projects.get(plane.namespace, "default") !== undefined) return;
  try {
    const created = await plane.client.create<AppProject>(
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AppProject",
        metadata: { namespace: plane.namespace, name: "default" },
        spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], clusterResourceWhitelist: [{ group: "*", kind: "*" }] },
      },
      { fieldManager: "argocd-server", signal },
    );
    plane.projects.observe(created);
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
  }
}
