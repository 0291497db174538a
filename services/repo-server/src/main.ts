import { createLogger, runService } from "@trireme/runtime";
import { readConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { startRepoServer } from "./server.ts";

const log = createLogger({ service: "repo-server" });

await runService(log, () => {
  const config = readConfig(process.env);
  return startRepoServer(config, createContext(config));
});
