import { ensureProgram, type Program } from "./debian.ts";

export type RedisBinary = Program;

/** redis-server as `ensureProgram` finds it. There is no in-memory stand-in. */
export function ensureRedis(log: (line: string) => void): Promise<RedisBinary> {
  return ensureProgram({ name: "redis-server", package: "redis-server", folder: "redis" }, log);
}

/** Arguments and environment of a Redis that keeps nothing on disk: whatever it loses is found again. */
export function redisCommand(binary: RedisBinary, options: { port: number; passwordFile: string; dir: string }): { command: string; args: string[]; env: Record<string, string> } {
  return {
    command: binary.path,
    args: [options.passwordFile, "--port", String(options.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", options.dir, "--daemonize", "no"],
    env: binary.libraries === undefined ? {} : { LD_LIBRARY_PATH: binary.libraries },
  };
}
