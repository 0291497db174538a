export interface NodesOptions {
  /** How many nodes register. Default 1. */
  nodes?: number;
  /** Names are `<prefix>-<n>`. Default "node". */
  namePrefix?: string;
  /**
   * Images that fail, as `IMAGE[=HOW]`. IMAGE is a tag, a repository, or both (`web:1.2`); HOW is `pull` (cannot be
   * pulled; the default), `unready` (runs, never becomes ready) or `crash` (exits with 1 as soon as it starts).
   */
  brokenImages?: readonly string[];
  /** From "scheduled" until a container runs. Default 0. */
  startMs?: number;
  /** From "running" until it is ready. Default 0. */
  readyMs?: number;
  /** First pause of the back-offs for crashes and pulls, doubled up to five minutes. Default 10 s. */
  backoffMs?: number;
  /** How often the nodes' leases are renewed; 0 is never. Default 10 s. */
  heartbeatMs?: number;
  /** Address that Ingresses and Services of type LoadBalancer get. Default 127.0.0.1. */
  loadBalancerAddress?: string;
  /** Open an HTTPS port where an API server of another process gets logs and runs commands, and say so in the nodes. Default false. */
  serveKubelet?: boolean;
  /** Write Events as kubelet and scheduler do. Default true. */
  events?: boolean;
  onError?: (what: string, error: Error) => void;
}

export type Breakage = "pull" | "unready" | "crash";

const BREAKAGES: readonly string[] = ["pull", "unready", "crash"];

/** How this image fails, by the `brokenImages` option; `undefined` where it works. */
export function breakageOf(image: string, broken: readonly string[]): Breakage | undefined {
  const { repository, tag } = imageParts(image);
  for (const entry of broken) {
    const equals = entry.lastIndexOf("=");
    const how = equals < 0 ? "pull" : entry.slice(equals + 1);
    const wanted = equals < 0 ? entry : entry.slice(0, equals);
    if (!BREAKAGES.includes(how)) continue;
    if (wanted === image || wanted === tag || wanted === repository || `${repository}:${tag}`.endsWith(`/${wanted}`) || repository.endsWith(`/${wanted}`)) return how as Breakage;
  }
  return undefined;
}

/** `registry.test:5000/team/web:1.2@sha256:…` in its parts; without a tag it is `latest`. */
export function imageParts(image: string): { repository: string; tag: string } {
  const named = image.split("@", 1)[0]!;
  const colon = named.lastIndexOf(":");
  return colon > named.lastIndexOf("/") ? { repository: named.slice(0, colon), tag: named.slice(colon + 1) } : { repository: named, tag: "latest" };
}
