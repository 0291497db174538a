import { createAuthority, issue, type Certificate } from "@trireme/rpc";
import { encodeBase64, secretData } from "@trireme/settings";
import { MAIN_SECRET } from "../auth/bootstrap.ts";
import type { Context } from "../context.ts";
import { changeData } from "../state/write-secret.ts";

const OWN_SECRET = "argocd-server-tls";
const DAYS = 365;

/**
 * The certificate of the public door, by Argo CD's rules: Secret `argocd-server-tls`, else `tls.crt` and
 * `tls.key` of `argocd-secret`, else one made once and kept there.
 */
export async function publicCertificate(ctx: Context, signal: AbortSignal): Promise<Certificate> {
  const given = currentCertificate(ctx);
  if (given !== undefined) return given;
  const hosts = ["localhost", "127.0.0.1", "argocd-server", ...["", ".svc", ".svc.cluster.local"].map((suffix) => `argocd-server.${ctx.namespace}${suffix}`)];
  const now = new Date(ctx.clock.now());
  const { cert, key } = await issue(await createAuthority({ now, days: DAYS }), { name: "argocd-server", now, days: DAYS, names: hosts });
  await changeData({ client: ctx.kube, cache: ctx.plane.secrets, kind: "Secret", namespace: ctx.namespace, name: MAIN_SECRET, signal, change: (data) => (data["tls.crt"] && data["tls.key"] ? undefined : { ...data, "tls.crt": encodeBase64(cert), "tls.key": encodeBase64(key) }) });
  return currentCertificate(ctx) ?? { cert, key };
}

/** Calls back with each certificate that replaces the one served; the answer stops it. */
export function followCertificate(ctx: Context, first: Certificate, serve: (certificate: Certificate) => void): () => void {
  let served = first;
  return ctx.plane.secrets.on(({ object }) => {
    if (object.metadata.name !== OWN_SECRET && object.metadata.name !== MAIN_SECRET) return;
    const now = currentCertificate(ctx);
    if (now === undefined || (now.cert === served.cert && now.key === served.key)) return;
    served = now;
    try {
      serve(now);
      ctx.log.info("the certificate of the door was replaced");
    } catch (error) {
      ctx.log.error({ error: (error as Error).message }, "the new certificate of the door cannot be used; the old one is kept");
    }
  });
}

/** The certificate as it stands in the Secrets now. */
export function currentCertificate(ctx: Pick<Context, "settings">): Certificate | undefined {
  for (const name of [OWN_SECRET, MAIN_SECRET]) {
    const { "tls.crt": cert, "tls.key": key } = secretData(ctx.settings.secret(name));
    if (cert && key) return { cert, key };
  }
  return undefined;
}
