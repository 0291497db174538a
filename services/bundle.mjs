// Makes what the image holds: one file for each service, what those files read beside themselves, the page, and the tools that
// the repo-server runs. The Dockerfile and the tests use this same step.
//
//   node services/bundle.mjs FOLDER
import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
export const services = ["api-server", "repo-server", "application-controller"];

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (folder === undefined) {
    process.stderr.write("usage: node services/bundle.mjs FOLDER\n");
    process.exit(2);
  }
  await bundle(path.resolve(folder));
}

/** Fills `folder`, which must be new or empty, with everything that runs in the image. */
export async function bundle(folder) {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty`);
  await compile(folder);
  await cp(path.join(root, "proto"), path.join(folder, "proto"), { recursive: true });
  await cp(path.join(root, "services/api-server/src/page/files"), path.join(folder, "page"), { recursive: true });
  await buildPage(path.join(folder, "ui"));
  await copyTools(path.join(folder, "bin"));
}

async function compile(folder) {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(services.map((name) => [name, `services/${name}/src/main.ts`])),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    chunkNames: "shared-[hash]",
    assetNames: "native/[name]-[hash]",
    loader: { ".node": "copy" },
    // CommonJS packages inside an ES module still call require for Node's own modules.
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url); const __assets = import.meta.dirname + "/assets";' },
    plugins: [filesOfPackages(path.join(folder, "assets"))],
    logLevel: "error",
  });
}

/**
 * A package that reads files beside its code finds them below `assets/<package>/`, where its proto files are copied;
 * in a bundle `__dirname` would otherwise mean nothing.
 */
function filesOfPackages(assets) {
  const readers = new Map();
  return {
    name: "files-of-packages",
    setup({ onLoad, onEnd }) {
      onLoad({ filter: /\/node_modules\/.*\.c?js$/ }, async ({ path: file }) => {
        const source = await readFile(file, "utf8");
        if (!/\b__(dir|file)name\b/.test(source)) return undefined;
        const [, packageRoot, name, rest] = /^(.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+))\/(.*)$/.exec(file);
        readers.set(name, packageRoot);
        const where = `__assets + ${JSON.stringify(`/${name}/${path.dirname(rest)}`)}`;
        return { contents: `var __dirname = ${where}, __filename = __dirname + ${JSON.stringify(`/${path.basename(rest)}`)};${source}`, loader: "js" };
      });
      onEnd(async () => {
        for (const [name, packageRoot] of readers) {
          for (const file of await readdir(packageRoot, { recursive: true })) {
            if (file.endsWith(".proto") && !file.startsWith("node_modules/")) await cp(path.join(packageRoot, file), path.join(assets, name, file));
          }
        }
      });
    },
  };
}

function buildPage(folder) {
  execFileSync(process.execPath, [path.join(root, "packages/ui/build.mjs"), folder], { stdio: ["ignore", "ignore", "inherit"] });
}

async function copyTools(folder) {
  const { ensureTools } = await import("../packages/launcher/src/tools.ts");
  const tools = await ensureTools();
  await mkdir(folder);
  for (const [name, file] of Object.entries({ helm: tools.helm, helm3: tools.helm3, kubectl: tools.kubectl })) await cp(file, path.join(folder, name));
}
