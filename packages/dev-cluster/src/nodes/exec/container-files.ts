import { posix } from "node:path";
import { programs } from "./programs.ts";
import type { Writable } from "./writable.ts";

/** A file that comes with the container: what is in it is fetched when somebody reads it. */
export type Content = () => Promise<Buffer> | Buffer;

export type Read = { data: Buffer } | { problem: string };

const FOLDERS = ["/dev", "/etc", "/home", "/proc", "/root", "/run", "/sys", "/tmp", "/usr/bin", "/var/run", "/var/lib", "/var/log"];
const ABSENT = "No such file or directory";
const READ_ONLY = "Read-only file system";

/** The file system that a command in a simulated container sees. */
export class ContainerFiles {
  readonly #given: ReadonlyMap<string, Content>;
  readonly #readOnly: readonly string[];
  readonly #written: Writable;
  readonly #folders: ReadonlySet<string>;

  /** `given` by absolute path; `mounts` are folders that are there even when empty, and of which some cannot be written. */
  constructor(given: ReadonlyMap<string, Content>, mounts: readonly { path: string; readOnly: boolean }[], written: Writable) {
    this.#given = new Map([...programs.names.map((name): [string, Content] => [`/bin/${name}`, () => Buffer.alloc(0)]), ["/dev/null", () => Buffer.alloc(0)], ...given]);
    this.#readOnly = mounts.filter(({ readOnly }) => readOnly).map(({ path }) => path);
    this.#written = written;
    this.#folders = new Set([...FOLDERS, ...mounts.map(({ path }) => path)]);
  }

  resolve(name: string, cwd: string): string {
    const path = posix.resolve(cwd, name);
    return path.replace(/^\/run(?=\/|$)/, "/var/run").replace(/^\/usr\/bin(?=\/)/, "/bin");
  }

  kind(path: string): "file" | "directory" | "none" {
    if (this.#written.files.has(path) || this.#given.has(path)) return "file";
    if (path === "/" || this.#all().some((one) => one === path || one.startsWith(`${path}/`))) return "directory";
    return "none";
  }

  list(path: string): string[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    return [...new Set(this.#all().filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length).split("/", 1)[0]!))].sort();
  }

  async read(name: string, cwd: string): Promise<Read> {
    const path = this.resolve(name, cwd);
    const written = this.#written.files.get(path);
    if (written) return { data: written };
    const given = this.#given.get(path);
    if (given) return { data: await given() };
    return { problem: this.kind(path) === "directory" ? "Is a directory" : ABSENT };
  }

  isEmpty(name: string, cwd: string): boolean {
    const path = this.resolve(name, cwd);
    return this.#written.files.get(path)?.length === 0 || path === "/dev/null";
  }

  /** Answers what stands in the way. */
  write(name: string, cwd: string, data: Buffer): string | undefined {
    const path = this.resolve(name, cwd);
    if (this.kind(path) === "directory") return "Is a directory";
    if (this.kind(posix.dirname(path)) !== "directory") return "nonexistent directory";
    if (this.#isReadOnly(path)) return READ_ONLY;
    this.#written.files.set(path, data);
    return undefined;
  }

  remove(name: string, cwd: string): string | undefined {
    const path = this.resolve(name, cwd);
    if (this.kind(path) === "none") return ABSENT;
    if (this.#isReadOnly(path) || !(this.#written.files.delete(path) || this.#written.folders.delete(path))) return READ_ONLY;
    return undefined;
  }

  makeFolder(name: string, cwd: string, parents: boolean): string | undefined {
    const path = this.resolve(name, cwd);
    if (this.kind(path) !== "none") return parents && this.kind(path) === "directory" ? undefined : "File exists";
    if (!parents && this.kind(posix.dirname(path)) !== "directory") return ABSENT;
    if (this.#isReadOnly(path)) return READ_ONLY;
    this.#written.folders.add(path);
    return undefined;
  }

  #isReadOnly(path: string): boolean {
    return this.#readOnly.some((mount) => path === mount || path.startsWith(`${mount}/`)) || /^\/(bin|proc|sys|dev)\//.test(path);
  }

  #all(): string[] {
    return [...this.#folders, ...this.#given.keys(), ...this.#written.folders, ...this.#written.files.keys()];
  }
}
