import { Pool } from "undici";
import { loadKubeconfig } from "@trireme/kube";
import { inParallel } from "../measure.ts";

/**
 * Loads one API server from a process of its own: `node load-main.ts KUBECONFIG OBJECTS`. Prints one JSON line a
 * finding, as soon as it is found: `{"created":N}` and `{"changed":N}` a second, and `{"lag":[…]}` in milliseconds.
 */
const CONNECTIONS = 16;
const LAG_SAMPLES = 300;
const NAMESPACE = "load";
const MAPS = `/api/v1/namespaces/${NAMESPACE}/configmaps`;

const [kubeconfig = "", objects = "10000"] = process.argv.slice(2);
const { server, tls, credentials } = await loadKubeconfig(kubeconfig);
const { cert, key } = await credentials();
const connect = { ca: tls?.ca, cert, key };
const pool = new Pool(server, { connections: CONNECTIONS, pipelining: 1, allowH2: false, connect });

await must("POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
const names = Array.from({ length: Number(objects) }, (_, index) => `map-${index}`);
// Code that is only being compiled says nothing of a server that runs.
await inParallel(names.slice(0, 500).map((name) => `warm-${name}`), CONNECTIONS, (name) => must("POST", MAPS, configMap(name, "warm")));
await inParallel(names.slice(0, 500).map((name) => `warm-${name}`), CONNECTIONS, (name) => must("DELETE", `${MAPS}/${name}`));
say({ created: await rate(names, (name) => must("POST", MAPS, configMap(name, "first"))) });
say({ changed: await rate(names, (name) => must("PUT", `${MAPS}/${name}`, configMap(name, "second"))) });
say({ lag: await lags() });
await pool.close();

/** From the answer to a write until its event has come on another connection; below zero where the event is first. */
async function lags(): Promise<number[]> {
  const watching = new Pool(server, { connections: 1, allowH2: false, connect });
  const { body } = await watching.request({ method: "GET", path: `${MAPS}?watch=1&resourceVersion=${(JSON.parse(await must("GET", `${MAPS}?limit=1`)) as { metadata: { resourceVersion: string } }).metadata.resourceVersion}` });
  let event = Promise.withResolvers<number>();
  void (async () => {
    for await (const _ of body) event.resolve(performance.now());
  })().catch(() => undefined);
  const found: number[] = [];
  for (let index = -20; index < LAG_SAMPLES; index++) {
    await must("PUT", `${MAPS}/map-0`, configMap("map-0", `value ${index}`));
    const answered = performance.now();
    const seen = await event.promise;
    event = Promise.withResolvers<number>();
    if (index >= 0) found.push(seen - answered);
  }
  await watching.destroy();
  return found;
}

function configMap(name: string, value: string): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data: { value, padding: "x".repeat(1_850) } };
}

async function must(method: "GET" | "POST" | "PUT" | "DELETE", path: string, content?: object): Promise<string> {
  const { statusCode, body } = await pool.request({ method, path, headers: { "content-type": "application/json", "user-agent": "load/1" }, ...(content && { body: JSON.stringify(content) }) });
  const text = await body.text();
  if (statusCode > 299) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 300)}`);
  return text;
}

async function rate(items: readonly string[], work: (item: string) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await inParallel(items, CONNECTIONS, work);
  return items.length / ((performance.now() - start) / 1000);
}

function say(finding: object): void {
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}
