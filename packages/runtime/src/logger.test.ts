import { createLogger } from "./logger.ts";

describe("createLogger", () => {
  test.each(["password", "token", "bearerToken", "sshPrivateKey", "githubAppPrivateKey"])("never writes %s of what it is given", (field) => {
    const lines: string[] = [];
    createLogger({ service: "test", destination: { write: (line) => lines.push(line) } }).info({ repository: { url: "https://git.test", [field]: "hunter2" } }, "connected");
    expect(JSON.parse(lines[0]!)).toMatchObject({ repository: { url: "https://git.test", [field]: "********" }, msg: "connected" });
  });
});
