import { BlockList, isIP } from "node:net";

/**
 * The proxy that the environment names for an address, by the rules of Go's clients: HTTPS_PROXY or HTTP_PROXY by
 * scheme, in capitals or not; NO_PROXY lists hosts (with all below them, `.below` only those below), addresses, CIDR
 * ranges, each with a port or without, or `*`. Loopback is never reached through a proxy.
 */
export function proxyFromEnvironment(address: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const variable = (name: string): string => environment[name] || environment[name.toLowerCase()] || "";
  const proxy = variable(protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (proxy === "" || host === "localhost" || LOOPBACK.check(host, isIP(host) === 6 ? "ipv6" : "ipv4")) return undefined;
  const target = { host, port: port || (protocol === "https:" ? "443" : "80") };
  if (variable("NO_PROXY").split(",").some((entry) => excludes(entry.trim().toLowerCase(), target))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8);
LOOPBACK.addAddress("::1", "ipv6");

function excludes(entry: string, { host, port }: { host: string; port: string }): boolean {
  if (entry === "*") return true;
  if (entry === "") return false;
  const range = /^(?<network>[^/]+)\/(?<bits>\d+)$/.exec(entry)?.groups;
  if (range) return inRange(host, range["network"]!, Number(range["bits"]));
  const { name = "", at } = /^(?<name>\[[^\]]+\]|[^:]+|[^[]*:[^[]*:[^[]*)(?::(?<at>\d+))?$/.exec(entry)?.groups ?? {};
  if (at !== undefined && at !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "").replace(/^\*\./, ".");
  if (isIP(bare)) return bare === host;
  return bare.startsWith(".") ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
}

function inRange(host: string, network: string, bits: number): boolean {
  const family = isIP(host);
  if (family === 0 || isIP(network) !== family || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 6 ? "ipv6" : "ipv4");
  return list.check(host, family === 6 ? "ipv6" : "ipv4");
}
