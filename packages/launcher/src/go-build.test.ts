import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buildWithGo, isBuilt, type GoProgram } from "./go-build.ts";

/** A Go that notes each build and writes its linker flags where the program should be. */
const GO = `#!/bin/sh
echo build >>"$(dirname "$0")/builds"
while [ "$1" != -ldflags ]; do shift; done
flags="$2"
while [ "$1" != -o ]; do shift; done
[ "$flags" = broken ] && { echo 'main.go:1: undefined: x' >&2; exit 2; }
echo "$flags" >"$2"
`;

describe(buildWithGo, () => {
  let folder: string;
  let go: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "trireme-go-build-"));
    go = path.join(folder, "go");
    await writeFile(go, GO);
    await chmod(go, 0o755);
    for (const name of ["go.mod", "go.sum"]) await writeFile(path.join(folder, name), name);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const program = (linkerFlags: string): GoProgram => ({ module: folder, package: "example.com/main", linkerFlags, file: path.join(folder, "out", "main") });
  const build = (one: GoProgram): Promise<void> => buildWithGo(go, one, () => undefined);
  const builds = async (): Promise<number> => (await readFile(path.join(folder, "builds"), "utf8")).trim().split("\n").length;

  it("builds once, however many ask at the same time", async () => {
    await Promise.all([build(program("v1")), build(program("v1"))]);
    await build(program("v1"));
    expect(await builds()).toBe(1);
    expect(await readFile(program("v1").file, "utf8")).toBe("v1\n");
  });

  it.each([
    { name: "its flags change", change: async () => program("v2") },
    { name: "a version in go.mod changes", change: async () => (await writeFile(path.join(folder, "go.mod"), "another"), program("v1")) },
  ])("builds again when $name", async ({ change }) => {
    await build(program("v1"));
    const changed = await change();
    expect(await isBuilt(changed)).toBe(false);
    await build(changed);
    expect(await isBuilt(changed)).toBe(true);
    expect(await builds()).toBe(2);
  });

  it("leaves nothing but what was there when the compiler complains, and passes on what it said", async () => {
    await build(program("v1"));
    await expect(build(program("broken"))).rejects.toThrow("go build example.com/main ended with code 2: main.go:1: undefined: x");
    expect((await readdir(path.join(folder, "out"))).sort()).toEqual(["main", "main.recipe"]);
    expect(await isBuilt(program("v1"))).toBe(true);
  });
});
