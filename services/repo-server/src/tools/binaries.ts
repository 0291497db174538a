import { existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";

/** A program's full path: as given, or from PATH. Undefined where there is none. */
export function findBinary(name: string, env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const candidates = name.includes("/") ? [name] : (env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, name));
  return candidates.find((file) => existsSync(file));
}

/** Tells one build of a program from another: its name and size. Remembered; a running server's tools do not change. */
export function createBinaryIdentity(): (binary: string) => string {
  const known = new Map<string, string>();
  return (binary) => {
    let identity = known.get(binary);
    if (identity === undefined) {
      const file = findBinary(binary);
      identity = file === undefined ? `${path.basename(binary)} missing` : `${path.basename(binary)} ${statSync(realpathSync(file)).size}`;
      if (file !== undefined) known.set(binary, identity);
    }
    return identity;
  };
}
