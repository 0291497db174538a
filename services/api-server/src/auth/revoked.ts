import { encodeBase64, secretData } from "@trireme/settings";
import type { Clock } from "@trireme/runtime";
import type { ControlPlane } from "../state/control-plane.ts";
import { changeData } from "../state/write-secret.ts";

export const REVOKED_SECRET = "trireme-revoked-tokens";

/** Token ids that were signed out, kept in a Secret until the tokens would have ended anyway: every replica sees it by its watch. */
export interface Revoked {
  has(id: string): boolean;
  /** `expiresAt` in seconds since 1970; without one it is kept for good. */
  add(id: string, expiresAt: number | undefined, signal?: AbortSignal): Promise<void>;
}

export function createRevoked(plane: ControlPlane, clock: Clock): Revoked {
  let cached: { version: string | undefined; ids: Set<string> } = { version: undefined, ids: new Set() };

  const ids = (): Set<string> => {
    const secret = plane.secrets.get(plane.namespace, REVOKED_SECRET);
    if (secret?.metadata.resourceVersion !== cached.version) cached = { version: secret?.metadata.resourceVersion, ids: new Set(Object.keys(secretData(secret))) };
    return cached.ids;
  };

  return {
    has: (id) => ids().has(keySafe(id)),
    async add(id, expiresAt, signal) {
      const now = Math.floor(clock.now() / 1000);
      await changeData({
        client: plane.client,
        cache: plane.secrets,
        kind: "Secret",
        namespace: plane.namespace,
        name: REVOKED_SECRET,
        ...(signal && { signal }),
        change(data) {
          const standing = Object.entries(data).filter(([, value]) => {
            const until = Number(Buffer.from(value, "base64").toString());
            return until === 0 || until > now;
          });
          return { ...Object.fromEntries(standing), [keySafe(id)]: encodeBase64(String(expiresAt ?? 0)) };
        },
      });
    },
  };
}


/** Keys of a Secret allow letters, digits, dots, dashes and underscores; our ids are UUIDs, given ones may be anything. */
function keySafe(id: string): string {
  return /^[A-Za-z0-9._-]{1,253}$/.test(id) ? id : `b64.${Buffer.from(id).toString("base64url").slice(0, 200)}`;
}
