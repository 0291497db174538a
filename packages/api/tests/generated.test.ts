import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "../src/generated");
// The generator is a plain script, so that it runs where nothing is built.
const { generate } = (await import(new URL("../generate.mjs", import.meta.url).href)) as { generate(): Map<string, string> };

describe("the generated types", () => {
  const files = generate();

  it("are what the generator writes; run `node packages/api/generate.mjs`", () => {
    expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
    for (const [name, text] of files) expect(`${name}\n${readFileSync(path.join(folder, name), "utf8")}`).toBe(`${name}\n${text}`);
  });

  it("give every shape one name", () => {
    const names = [...files.values()].flatMap((text) => [...text.matchAll(/^export interface (\w+)/gm)].map((match) => match[1]));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("cover all eight kinds of Argo and our own", () => {
    for (const kind of ["Application", "ApplicationSet", "AppProject", "Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment", "Release"]) {
      expect([...files.values()].some((text) => text.includes(`export interface ${kind} extends KubeObject`))).toBe(true);
    }
  });
});
