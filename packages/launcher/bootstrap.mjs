// What `npm start`, `npm test` and the other commands run first, on whatever Node the machine has (20 or newer),
// before anything is installed: no dependency, no newer syntax. It installs the pinned packages and the pinned
// Node where they are missing, then hands over to the real command under that Node.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Command -> script and its fixed arguments, relative to the root. */
const commands = {
  start: ["packages/launcher/src/main.ts"],
  test: ["e2e/run.ts", "test"],
  e2e: ["e2e/run.ts", "e2e"],
  "e2e:full": ["e2e/run.ts", "full"],
  bench: ["e2e/bench/main.ts"],
  compat: ["e2e/compat/main.ts"],
  "control-plane": ["e2e/control-plane/main.ts"],
  lint: ["node_modules/eslint/bin/eslint.js", "-c", ".ci/eslint.config.js", "."],
  typecheck: [".ci/typecheck.mjs"],
  screenshots: ["e2e/browser/screenshots.ts"],
};

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) fail(`unknown command ${JSON.stringify(name)}; there are: ${Object.keys(commands).join(", ")}`);
if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) fail(`this runs on Linux on x64 and arm64, not on ${process.platform} ${process.arch}; use docker-compose.yml there`);

install();

const child = spawn(pinnedNode(), [...command, ...rest].map((part, index) => (index === 0 ? path.join(root, part) : part)), {
  cwd: root,
  // The fourth is a pipe that only this process writes to: its end tells the command that its parent is gone.
  stdio: ["inherit", "inherit", "inherit", "pipe"],
  env: { ...process.env, PATH: [path.join(root, "node_modules/.bin"), process.env.PATH].join(path.delimiter), TRIREME_INVOKED_FROM: process.env.INIT_CWD ?? process.cwd(), TRIREME_PARENT_PIPE: "3" },
});
// Ctrl-C reaches the whole foreground group; a signal sent to this process alone is passed on.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(signal === null ? code : 1));

function install() {
  const stamp = path.join(root, "node_modules/.trireme-installed");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(pinnedNode())) return;
  const lock = path.join(root, "node_modules/.trireme-installing");
  mkdirSync(path.dirname(lock), { recursive: true });
  try {
    mkdirSync(lock);
  } catch {
    // A lock older than ten minutes was left behind by an install that was killed.
    if (Date.now() - statSync(lock).mtimeMs < 600_000) fail(`another install is under way (${path.relative(root, lock)}); wait for it, or remove that folder if it is not`);
  }
  try {
    process.stderr.write("installing packages\n");
    const { packageManager } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    const done = spawnSync("npx", ["-y", packageManager, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, CI: "true" } });
    if (done.status !== 0) fail(`installing packages failed${done.error === undefined ? "" : `: ${done.error.message}`}`);
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Of everything that decides what is installed. */
function fingerprint() {
  const hash = createHash("sha256");
  const manifests = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "e2e/package.json"];
  for (const folder of ["packages", "services"]) for (const entry of readdirSync(path.join(root, folder)).sort()) manifests.push(`${folder}/${entry}/package.json`);
  for (const file of manifests) if (existsSync(path.join(root, file))) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
}

function pinnedNode() {
  return path.join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
