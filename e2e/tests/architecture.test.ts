import { readdirSync, readFileSync, existsSync } from "node:fs";
import path from "node:path";

/**
 * Who may import whom: docs/architecture.md's picture as data. Held against every package.json
 * (what may be used at all) and every import in every source (what is used).
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  api: [],
  runtime: [],
  gitops: ["api"],
  rollouts: ["api"],
  settings: ["api"],
  kube: ["api", "runtime"],
  git: ["runtime"],
  rpc: ["runtime"],
  queue: ["runtime"],
  "dev-cluster": ["api", "gitops", "kube", "runtime"],
  launcher: ["dev-cluster", "kube", "runtime"],
  ui: ["api", "gitops", "rollouts"],
  "api-server": ["api", "gitops", "settings", "kube", "rpc", "queue", "runtime"],
  "application-controller": ["api", "gitops", "rollouts", "settings", "kube", "rpc", "queue", "runtime"],
  "repo-server": ["api", "git", "rpc", "queue", "runtime"],
};

/** Objects in, objects or decisions out: these also run in the browser. */
const PURE = ["api", "gitops", "rollouts", "settings"];

const root = path.resolve(import.meta.dirname, "../..");
const members = ["packages", "services"].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => existsSync(path.join(root, folder, name, "package.json")))
    .map((name) => ({ name, dir: path.join(root, folder, name) })),
);

function sourcesOf(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name) && !/node_modules|[/\\]dist([/\\]|$)/.test(entry.parentPath))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/(?:^|[^.\w])(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const isTest = (file: string): boolean => /\.test\.ts$|[/\\]tests[/\\]/.test(file);
const packageOf = (specifier: string): string => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

describe("architecture", () => {
  it("knows every package and service", () => {
    expect(members.map(({ name }) => name).filter((name) => !(name in MAY_IMPORT))).toEqual([]);
  });

  test.each(members)("$name declares only the packages it may use", ({ name, dir }) => {
    const manifest = JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")) as { dependencies?: Record<string, string> };
    const declared = Object.keys(manifest.dependencies ?? {}).flatMap((dependency) => (dependency.startsWith("@trireme/") ? [dependency.slice("@trireme/".length)] : []));
    expect(declared.filter((dependency) => !MAY_IMPORT[name]!.includes(dependency))).toEqual([]);
  });

  test.each(members)("$name imports only what it declares and may", ({ name, dir }) => {
    const manifest = JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
    const offences: string[] = [];
    for (const file of sourcesOf(dir)) {
      for (const specifier of importsOf(file)) {
        const where = `${path.relative(root, file)} imports ${specifier}`;
        if (specifier.startsWith("node:")) {
          if (PURE.includes(name) && !isTest(file) && !file.endsWith(".mjs")) offences.push(`${where}: ${name} is pure`);
        } else if (specifier.startsWith(".")) {
          const target = path.resolve(path.dirname(file), specifier);
          if (!target.startsWith(dir + path.sep) && !isTest(file) && file.endsWith(".ts")) offences.push(`${where}: outside its package`);
        } else {
          const dependency = packageOf(specifier);
          if (dependency === `@trireme/${name}` || dependency === "@jest/globals") continue;
          const declared = dependency in (manifest.dependencies ?? {}) || (isTest(file) && dependency in (manifest.devDependencies ?? {}));
          if (!declared) offences.push(`${where}: not declared in its package.json`);
          else if (dependency.startsWith("@trireme/") && !MAY_IMPORT[name]!.includes(dependency.slice("@trireme/".length)) && !isTest(file)) offences.push(`${where}: not allowed`);
        }
      }
    }
    expect(offences).toEqual([]);
  });

  it("writes every version once, in the catalog", () => {
    const offences = ["package.json", "e2e/package.json", ...members.map(({ dir }) => path.relative(root, path.join(dir, "package.json")))].flatMap((file) => {
      const manifest = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<string, Record<string, string> | undefined>;
      return ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) => Object.entries(manifest[kind] ?? {}).flatMap(([dependency, version]) => (version === "catalog:" || version === "workspace:*" ? [] : [`${file}: ${dependency} ${version}`])));
    });
    expect(offences).toEqual([]);
  });

  it("imports no service from anywhere but e2e", () => {
    const services = members.filter(({ dir }) => path.basename(path.dirname(dir)) === "services").map(({ name }) => `@trireme/${name}`);
    const offences = members.flatMap(({ name, dir }) => sourcesOf(dir).flatMap((file) => importsOf(file).filter((specifier) => services.includes(packageOf(specifier)) && packageOf(specifier) !== `@trireme/${name}`).map((specifier) => `${path.relative(root, file)} imports ${specifier}`)));
    expect(offences).toEqual([]);
  });
});
