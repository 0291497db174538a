import { startTestGithub, type TestGithub } from "@trireme/git/testing";
import type { Stack } from "./stack.ts";

/** The owner of the repositories that the app may read. */
export const OWNER = "team";

/** A GitHub Enterprise Server whose repositories are those of the stack's own Git server, with one app that is installed at two owners. */
export function startGithub(stack: Pick<Stack, "git">): Promise<TestGithub> {
  const { url, user, token } = stack.git;
  return startTestGithub({ git: { url, user, password: token }, installations: [{ id: 11, account: "others" }, { id: 12, account: OWNER }], pageSize: 1 });
}
