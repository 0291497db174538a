import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** Kubernetes' own words (reasons of events and of pods) and what a timeline tells of success, which stand in the same field. */
const NOT_OURS = new Set(["OperationStarted", "OperationCompleted", "ResourceUpdated", "ResourceCreated", "ResourceDeleted", "ResourceActionRan", "StatusRefreshed", "Running", "Terminating", "ManuallyTerminated", "SchedulingGated", "Unknown", "Completed", "NodeLost", "Created", "Deployed", "Proven"]);

function reasonsOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith(".ts") || /\.test\.ts$|node_modules|[/\\](generated|tests|testing|dev-cluster|launcher)[/\\]/.test(file)) continue;
    for (const match of readFileSync(file, "utf8").matchAll(/\breason\s*(?::|=)\s*"([A-Z][A-Za-z]+)"|\b(?:invalid|unknown|failedPrecondition)\(.*, "([A-Z][A-Za-z]+)"\)/g)) found.set((match[1] ?? match[2])!, path.relative(root, file));
  }
  return found;
}

describe("docs/errors.md", () => {
  const documented = new Set([...readFileSync(path.join(root, "docs/errors.md"), "utf8").matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([A-Za-z]+)`/g)].map(([, reason]) => reason!)));

  it("has a line for every reason that a user can meet", () => {
    const used = new Map([...reasonsOf("packages"), ...reasonsOf("services")]);
    expect([...used].filter(([reason]) => !NOT_OURS.has(reason) && !documented.has(reason)).map(([reason, file]) => `${reason} (${file})`)).toEqual([]);
  });

  it("has no line for a reason that nothing gives any more", () => {
    const sources = ["packages", "services"].flatMap((folder) => readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.parentPath.includes("node_modules")).map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"))).join("\n");
    expect([...documented].filter((reason) => !sources.includes(`"${reason}"`))).toEqual([]);
  });
});
