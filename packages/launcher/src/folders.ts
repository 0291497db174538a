import os from "node:os";
import path from "node:path";

/** What may be thrown away: tools, control planes. `XDG_CACHE_HOME`, else `~/.cache`. */
export function cacheFolder(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "trireme");
}

/** What must last: the embedded cluster, repositories, keys. `XDG_DATA_HOME`, else `~/.local/share`. */
export function dataFolder(): string {
  return path.join(process.env["XDG_DATA_HOME"] || path.join(os.homedir(), ".local", "share"), "trireme");
}
