import { createServer } from "node:net";
import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "@trireme/runtime";

/** Whether 127.0.0.1:port can be listened on now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** The first free ports from `start` upwards, never one of `taken`. */
export async function freePort(start: number, taken: Set<number>): Promise<number> {
  for (let port = start; port < start + 2000 && port < 65_536; port++) {
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`no free port from ${start} to ${Math.min(start + 1999, 65_535)}`);
}

/**
 * Ports that a data folder has used before, so that addresses written into objects (a repository's URL,
 * the kubeconfig's server) still hold after a restart. `sticky` ones must not move: the start fails instead.
 */
export async function allocatePorts<Name extends string>(file: string, wanted: Record<Name, { near: number; sticky?: string }>): Promise<Record<Name, number>> {
  const before = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Partial<Record<Name, number>>,
    () => ({}) as Partial<Record<Name, number>>,
  );
  // What is kept is set aside first: one that has to move must not take another's place.
  const taken = new Set<number>();
  for (const name of Object.keys(wanted) as Name[]) {
    const last = before[name];
    if (last !== undefined && (await isFree(last))) taken.add(last);
  }
  const ports = {} as Record<Name, number>;
  for (const name of Object.keys(wanted) as Name[]) {
    const { near, sticky } = wanted[name];
    const last = before[name];
    if (last !== undefined && taken.has(last)) ports[name] = last;
    else if (last !== undefined && sticky !== undefined) throw new Error(`port ${last} is in use by another program, and ${sticky}; free it, or start over with --fresh or another --data folder`);
    else ports[name] = await freePort(near, taken);
  }
  await writeFileAtomically(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}
