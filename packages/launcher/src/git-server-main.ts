import { createLogger, EnvironmentReader, runService } from "@trireme/runtime";
import { startGitServer } from "./git-server.ts";
import { sendPush } from "./push-webhook.ts";

/** The Git server as a process of its own, told by its environment. */
const log = createLogger({ service: "git-server" });

await runService(log, async () => {
  const env = new EnvironmentReader(process.env);
  const config = env.finish({
    root: env.required("TRIREME_GIT_ROOT", "the folder that holds bare repositories"),
    port: env.port("TRIREME_GIT_PORT", 0),
    user: env.required("TRIREME_GIT_USER", "the name of the one user"),
    token: env.required("TRIREME_GIT_TOKEN", "that user's token"),
    webhook: env.text("TRIREME_GIT_WEBHOOK"),
  });
  const { webhook } = config;
  const server = await startGitServer({ root: config.root, port: config.port, users: [{ name: config.user, token: config.token }], ...(webhook !== undefined && { onPush: (pushed) => void sendPush(webhook, pushed, log) }) });
  log.info({ url: server.url }, "listening");
  return server;
});
