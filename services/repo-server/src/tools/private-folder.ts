import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { AppError, Code } from "@trireme/runtime";

/** A folder that only one tool run sees, under a name that cannot be guessed; gone afterwards. */
export class PrivateFolder implements AsyncDisposable {
  readonly path: string;
  /** The tool's home: empty, and its own. */
  readonly home: string;
  /** Where the tree lies. */
  readonly tree: string;

  constructor(parent: string) {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    this.path = mkdtempSync(path.join(parent, "render-"));
    this.home = path.join(this.path, "home");
    this.tree = path.join(this.path, "tree");
    mkdirSync(this.home, { mode: 0o700 });
    mkdirSync(this.tree, { mode: 0o700 });
  }

  /** Writes a file below the tree; folders are made. @throws AppError where the path leads out. */
  write(relative: string, content: Uint8Array | string, options: { executable?: boolean; root?: string } = {}): string {
    const root = options.root ?? this.tree;
    const target = path.join(root, relative);
    if (target !== root && !target.startsWith(root + path.sep)) throw new AppError(`${relative} leads out of the repository`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never" });
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, content, { mode: options.executable === true ? 0o700 : 0o600 });
    return target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
