import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import type { KubeClient } from "@trireme/kube";
import { createLogger, ManualClock, parseKeys } from "@trireme/runtime";
import { secretData, type DataObject } from "@trireme/settings";
import type { ControlPlane } from "../state/control-plane.ts";
import { startInternalTrust } from "./internal-trust.ts";

const DAY_MS = 86_400_000;
const log = createLogger({ service: "test", level: "error", destination: { write: () => undefined } });

describe(startInternalTrust, () => {
  it("makes the keys, an authority and one certificate for each service, once", async () => {
    const { plane, secrets } = aControlPlane();
    await using first = await startInternalTrust(plane, options());
    const before = new Map(secrets);
    await using _second = await startInternalTrust(plane, options());

    expect([...secrets.keys()].sort()).toEqual(["trireme-keys", "trireme-tls-api-server", "trireme-tls-application-controller", "trireme-tls-authority", "trireme-tls-repo-server"]);
    expect(secrets).toEqual(before);
    expect(parseKeys(data(secrets, "trireme-keys")["keys.json"]!, "keys.json").sealing).toHaveLength(1);
    expect(readFileSync(first.tls.cert, "utf8")).toBe(data(secrets, "trireme-tls-api-server")["tls.crt"]);
    const authority = new X509Certificate(data(secrets, "trireme-tls-authority")["tls.crt"]!);
    expect(new X509Certificate(data(secrets, "trireme-tls-repo-server")["tls.crt"]!).checkIssued(authority)).toBe(true);
  });

  it("renews its certificates at two thirds of their life, and writes its own anew", async () => {
    const { plane, secrets } = aControlPlane();
    const clock = new ManualClock(Date.now());
    await using trust = await startInternalTrust(plane, options(clock));
    const before = data(secrets, "trireme-tls-api-server")["tls.crt"]!;

    const begin = clock.now();
    const current = () => data(secrets, "trireme-tls-api-server")["tls.crt"]!;
    await eventually(() => {
      if (current() === before) clock.advance(DAY_MS / 2);
      return current() !== before;
    });
    const after = current();
    expect((clock.now() - begin) / DAY_MS).toBeGreaterThanOrEqual(59);
    await eventually(() => readFileSync(trust.tls.cert, "utf8") === after);
  });

  it("leaves certificates that somebody else gave alone", async () => {
    const { plane, secrets } = aControlPlane();
    await using _first = await startInternalTrust(plane, options());
    const foreign = { ...secrets.get("trireme-tls-repo-server")!, data: { ...secrets.get("trireme-tls-repo-server")!.data, "ca.crt": Buffer.from("another authority").toString("base64") } };
    secrets.set("trireme-tls-repo-server", foreign);
    await using _later = await startInternalTrust(plane, options(new ManualClock(Date.now() + 80 * DAY_MS)));
    expect(secrets.get("trireme-tls-repo-server")).toBe(foreign);
  });
});

function options(clock = new ManualClock(Date.now())) {
  return { clock, log, signal: AbortSignal.timeout(30_000) };
}

function data(secrets: Map<string, DataObject>, name: string): Record<string, string> {
  return secretData(secrets.get(name));
}

/** Secrets in a map, behind what this code uses of a client and a watch cache. */
function aControlPlane() {
  const secrets = new Map<string, DataObject>();
  const listeners = new Set<(event: unknown) => void>();
  const write = async (object: DataObject) => {
    secrets.set(object.metadata.name!, object);
    for (const listener of listeners) listener({ type: "modified", object });
    return object;
  };
  const client = { find: async ({ name }: { name: string }) => secrets.get(name), create: write, update: write } as unknown as KubeClient;
  const cache = {
    get: (_namespace: string, name: string) => secrets.get(name),
    observe: () => undefined,
    on(listener: (event: unknown) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { secrets, plane: { namespace: "argocd", client, secrets: cache } as unknown as ControlPlane };
}

async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not true after 20 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
