import { createLogger, runService } from "@trireme/runtime";
import { readConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { startApplicationController } from "./server.ts";

const config = readConfig(process.env);
const log = createLogger({ service: "application-controller", level: config.log.level, format: config.log.format });
await runService(log, async (signal) => startApplicationController(config, await createContext(config, { log }), signal));
