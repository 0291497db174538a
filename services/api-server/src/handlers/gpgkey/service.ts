import type { Context } from "../../context.ts";
import { notFound } from "../../errors.ts";
import { changeData } from "../../state/write-secret.ts";
import { check, unary, type Rpc } from "../rpc.ts";

const KEYS_MAP = "argocd-gpg-keys-cm";

const list = unary(check("gpgkeys", "get"), async (request, { ctx }) => ({ metadata: {}, items: keysOf(ctx).filter((key) => !request.keyID || key.keyID === request.keyID) }));

const get = unary(check("gpgkeys", "get"), async (request, { ctx }) => {
  const found = keysOf(ctx).find((key) => key.keyID === shortId(request.keyID ?? ""));
  if (found === undefined) throw notFound(`No such key: ${request.keyID ?? ""}`);
  return { ...found, keyData: ctx.settings.configMap(KEYS_MAP)?.data?.[found.keyID] ?? "" };
});

const remove = unary(check("gpgkeys", "delete"), async (request, { ctx, signal }) => {
  const id = shortId(request.keyID ?? "");
  if (!keysOf(ctx).some((key) => key.keyID === id)) throw notFound(`No such key: ${request.keyID ?? ""}`);
  await changeData({ client: ctx.kube, cache: ctx.plane.configMaps, kind: "ConfigMap", namespace: ctx.namespace, name: KEYS_MAP, signal, change: ({ [id]: _gone, ...rest }) => rest });
  return {};
});

/** Keys are kept by their 16-digit ids; what else they say is read where they are used. */
function keysOf(ctx: Context): { keyID: string; fingerprint: string; owner: string; trust: string; subType: string }[] {
  return Object.keys(ctx.settings.configMap(KEYS_MAP)?.data ?? {})
    .filter((id) => /^[0-9A-F]{16}$/i.test(id))
    .sort()
    .map((keyID) => ({ keyID, fingerprint: "", owner: "", trust: "unknown", subType: "" }));
}

function shortId(id: string): string {
  return id.slice(-16).toUpperCase();
}

export const gpgKeyService: Record<string, Rpc> = { List: list, Get: get, Delete: remove };
