import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fits, toolOnPath } from "./tools-path.ts";
import { toolSources, type Machine } from "./tools.ts";

const machine = (more: Partial<Machine>): Machine => ({ arch: "arm64", asked: undefined, onPath: {}, canBuild: () => false, ...more });
const all = (source: string) => ({ helm: source, kubectl: source, helm3: source });

describe(toolSources, () => {
  test.each([
    { name: "the packages on x64, whatever is installed", of: machine({ arch: "x64", onPath: { helm: "/usr/bin/helm" }, canBuild: () => true }), want: all("package") },
    { name: "what is installed elsewhere", of: machine({ onPath: { helm: "/h", kubectl: "/k", helm3: "/h3" } }), want: all("path") },
    { name: "a build of what is not installed", of: machine({ onPath: { kubectl: "/k" }, canBuild: () => true }), want: { helm: "build", kubectl: "path", helm3: "build" } },
    { name: "builds where they are asked for", of: machine({ arch: "x64", asked: "build", onPath: { helm: "/h" }, canBuild: () => true }), want: all("build") },
  ])("takes $name", ({ of, want }) => expect(toolSources(of)).toEqual(want));

  test.each([
    { name: "nothing is there", of: machine({}), want: "on arm64, helm (version 4), kubectl (1.33 or newer), Helm 3 (as helm3) must be on PATH, or Go 1.26 or newer, with which they are built once (a few minutes each)" },
    { name: "one is missing", of: machine({ onPath: { helm: "/h", kubectl: "/k" } }), want: "on arm64, Helm 3 (as helm3) must be on PATH, or Go 1.26 or newer, with which it is built once (a few minutes each)" },
    { name: "packages are asked for where there are none", of: machine({ asked: "package" }), want: "TRIREME_TOOLS=package: the registry packages of helm and kubectl are for x64, this machine is arm64" },
    { name: "the setting is a word that nobody knows", of: machine({ asked: "apt" }), want: 'TRIREME_TOOLS must be package or build, not "apt"' },
  ])("says what to do when $name", ({ of, want }) => expect(() => toolSources(of)).toThrow(want));
});

test.each([
  { tool: "helm", version: "v4.2.3", want: true },
  { tool: "helm", version: "v3.17.2", want: false },
  { tool: "helm3", version: "v3.21.4", want: true },
  { tool: "helm3", version: "v4.2.3", want: false },
  { tool: "kubectl", version: "v1.36.3", want: true },
  { tool: "kubectl", version: "v1.33.0-eks-1", want: true },
  { tool: "kubectl", version: "v1.20.2", want: false },
  { tool: "kubectl", version: undefined, want: false },
] as const)("$tool $version fits: $want", ({ tool, version, want }) => expect(fits(tool, version)).toBe(want));

describe(toolOnPath, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "trireme-tools-"));
    const script = async (name: string, says: string) => {
      await writeFile(path.join(folder, name), `#!/bin/sh\necho '${says}'\n`);
      await chmod(path.join(folder, name), 0o755);
    };
    await script("helm", "v3.19.5");
    await script("kubectl", '{"clientVersion":{"gitVersion":"v1.36.3"}}');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("finds a tool by the version that it says, under any of its names", async () => {
    expect(await Promise.all((["helm", "helm3", "kubectl"] as const).map((tool) => toolOnPath(tool, [folder])))).toEqual([undefined, path.join(folder, "helm"), path.join(folder, "kubectl")]);
  });
});
