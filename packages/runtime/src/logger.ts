import { pino, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/**
 * One logger a process; children carry what they speak of. Messages are fixed sentences, facts are keys.
 * JSON lines, Argo's level names; a terminal that asks for `text` gets one readable line each.
 */
export function createLogger(options: { service: string; level?: string; format?: "json" | "text"; destination?: { write(line: string): void } }): Logger {
  const settings = {
    level: options.level ?? "info",
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ["password", "token", "*.password", "*.token", "*.bearerToken", "*.sshPrivateKey", "*.githubAppPrivateKey", "headers.authorization", "headers.cookie"], censor: "********" },
    errorKey: "error",
  };
  const destination = options.destination ?? { write: (line: string) => void process.stderr.write(line) };
  return pino(settings, options.format === "text" ? { write: (line: string) => destination.write(readable(line)) } : destination);
}

function readable(line: string): string {
  try {
    const { time, level, service, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.entries(facts).map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    return `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${String(service)}: ${String(msg)}${rest.length > 0 ? ` (${rest.join(" ")})` : ""}\n`;
  } catch {
    return line;
  }
}
