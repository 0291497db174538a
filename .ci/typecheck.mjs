// Checks the types of everything: what runs under Node, then what runs in the browser.
import { spawnSync } from "node:child_process";
import path from "node:path";

const tsc = path.resolve(import.meta.dirname, "../node_modules/typescript/bin/tsc");
const codes = [".", "packages/ui"].map((project) => spawnSync(process.execPath, [tsc, "-p", project], { stdio: "inherit" }).status ?? 1);
process.exitCode = Math.max(...codes);
