import { matchesRepository } from "./match.ts";

describe(matchesRepository, () => {
  test.each([
    ["https://github.com/org/repo.git", "https://github.com/org/repo", true],
    ["https://user:token@github.com/org/repo", "https://github.com/org/repo", true],
    ["git@github.com:Org/Repo.git", "https://github.com/org/repo", true],
    ["ssh://git@github.com:22/org/repo.git", "https://github.com/org/repo", true],
    ["ssh://git@ssh.github.com:443/org/repo.git", "https://github.com/org/repo", true],
    ["git@altssh.bitbucket.org:org/repo", "https://bitbucket.org/org/repo", true],
    ["http://127.0.0.1:3000/hello.git", "http://127.0.0.1:3000/hello", true],
    ["https://github.com/org/repo-2.git", "https://github.com/org/repo", false],
    ["https://github.com.evil.test/org/repo", "https://github.com/org/repo", false],
    ["https://gitlab.com/org/repo", "https://github.com/org/repo", false],
    ["https://github.com/other/org/repo", "https://github.com/org/repo", false],
  ])("%s is %s: %s", (clone, web, want) => expect(matchesRepository(clone, web)).toBe(want));
});
