import type { ApiContext } from "../server/context.ts";

const TYPE = "kubernetes.io/service-account-token";
const ACCOUNT = "kubernetes.io/service-account.name";
const ACCOUNT_UID = "kubernetes.io/service-account.uid";

/** Fills Secrets of the service-account-token type with the account's token, the certificate authority and the namespace. */
export function fillTokenSecrets(ctx: ApiContext, caCert: string): () => void {
  const fill = async (key: string): Promise<void> => {
    const found = ctx.store.get("secrets", key)?.object;
    const name = found?.metadata.annotations?.[ACCOUNT];
    if (!found || found["type"] !== TYPE || !name || found["data"]?.token || found.metadata.deletionTimestamp) return;
    const namespace = found.metadata.namespace!;
    const account = ctx.store.get("serviceaccounts", `${namespace}/${name}`)?.object;
    if (!account) return;
    const token = await ctx.signToken({ namespace, name, uid: account.metadata.uid!, bound: { kind: "Secret", name: found.metadata.name!, uid: found.metadata.uid! } });
    const secret = ctx.store.get("secrets", key)?.object;
    if (secret?.metadata.uid !== found.metadata.uid) return;
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const metadata = { ...secret!.metadata, annotations: { ...secret!.metadata.annotations, [ACCOUNT_UID]: account.metadata.uid! } };
    ctx.store.put("secrets", key, { ...secret!, metadata, data: { ...secret!["data"], "ca.crt": base64(caCert), namespace: base64(namespace), token: base64(token) } });
  };
  const stopSecrets = ctx.store.onWrite("secrets", ({ stored }) => {
    if (stored.object["type"] === TYPE) void fill(stored.key);
  });
  const stopAccounts = ctx.store.onWrite("serviceaccounts", ({ type, stored }) => {
    if (type !== "ADDED") return;
    for (const secret of ctx.store.list("secrets", stored.object.metadata.namespace)) if (secret.object["type"] === TYPE) void fill(secret.key);
  });
  return () => {
    stopSecrets();
    stopAccounts();
  };
}
