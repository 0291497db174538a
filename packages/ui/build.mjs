// Builds the page into a folder: node build.mjs FOLDER. Text files get a compressed copy beside them, which is what
// browsers are sent.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { build } from "vite";

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: node packages/ui/build.mjs FOLDER\n");
  process.exit(2);
}
await build({
  root: import.meta.dirname,
  configFile: false,
  logLevel: "warn",
  // Relative to the page, whose <base> says where it is served.
  base: "./",
  build: {
    outDir: path.resolve(folder),
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    // Everything is a file: the content security policy knows no data: scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Libraries say which of their modules are for browsers; here all are.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
});
const compress = promisify(gzip);
for (const name of await readdir(folder, { recursive: true })) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const file = path.join(folder, name);
  await writeFile(`${file}.gz`, await compress(await readFile(file), { level: constants.Z_BEST_COMPRESSION }));
}
