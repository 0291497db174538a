import { createLogger, runService } from "@trireme/runtime";
import { readConfig } from "./config.ts";
import { startApiServer } from "./server.ts";

try {
  const config = readConfig();
  const log = createLogger({ service: "api-server", ...config.log });
  await runService(log, (signal) => startApiServer(config, { log }, signal));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
