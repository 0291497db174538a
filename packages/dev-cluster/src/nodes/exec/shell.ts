import type { Process } from "./process.ts";
import { programs } from "./programs.ts";
import { asAssignment, parseScript, ShellSyntaxError, type Command, type Pipeline, type Redirect, type Word } from "./shell-syntax.ts";

/** `sh -c SCRIPT [NAME ARG…]`, `sh FILE`, or a script on stdin. */
export async function shell(args: readonly string[], process: Process): Promise<number> {
  const flag = args.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word));
  const rest = flag >= 0 ? args.slice(flag + 1) : args.filter((word) => !/^[-+][a-z]+$/.test(word));
  if (flag >= 0 && rest.length === 0) return complain(process, "sh: -c requires an argument", 2);
  const run = new Shell({ ...process, env: { ...process.env } }, flag >= 0 ? rest.slice(2) : rest.slice(1), args.some((word) => /^-[a-z]*e[a-z]*$/.test(word)));
  if (flag >= 0) return run.script(rest[0]!);
  if (rest.length > 0) {
    const file = await process.files.read(rest[0]!, process.cwd);
    if ("problem" in file) return complain(process, `sh: can't open '${rest[0]}': ${file.problem}`, 2);
    return run.script(file.data.toString("utf8"));
  }
  return run.lines(process.stdin);
}

/** Leaves the script, from however deep. */
class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

class Shell {
  readonly #process: Process;
  readonly #positional: readonly string[];
  #exitOnError: boolean;
  #exported: Set<string>;
  #last = 0;

  constructor(process: Process, positional: readonly string[], exitOnError: boolean) {
    this.#process = process;
    this.#positional = positional;
    this.#exitOnError = exitOnError;
    this.#exported = new Set(Object.keys(process.env));
  }

  async script(text: string): Promise<number> {
    try {
      await this.#run(parseScript(text), this.#process);
      return this.#last;
    } catch (thrown) {
      if (thrown instanceof Exit) return thrown.code;
      if (thrown instanceof ShellSyntaxError) return complain(this.#process, `sh: ${thrown.message}`, 2);
      throw thrown;
    }
  }

  /** Each line runs as it comes, so that a client may talk to the shell. */
  async lines(input: AsyncIterable<Buffer>): Promise<number> {
    let rest = "";
    for await (const chunk of input) {
      rest += chunk.toString("utf8");
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 1);
        const left = await this.#line(line);
        if (left !== undefined) return left;
      }
    }
    return (await this.#line(rest)) ?? this.#last;
  }

  async #line(text: string): Promise<number | undefined> {
    try {
      await this.#run(parseScript(text), this.#process);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Exit) return thrown.code;
      if (!(thrown instanceof ShellSyntaxError)) throw thrown;
      this.#last = complain(this.#process, `sh: ${thrown.message}`, 2);
      return undefined;
    }
  }

  async #run(pipelines: readonly Pipeline[], process: Process): Promise<void> {
    let skip = false;
    for (const { negated, commands, then } of pipelines) {
      if (!skip) {
        process.signal.throwIfAborted();
        const code = await this.#pipeline(commands, process);
        this.#last = negated ? (code === 0 ? 1 : 0) : code;
        if (this.#exitOnError && this.#last !== 0 && then === ";" && !negated) throw new Exit(this.#last);
      }
      skip = then === ";" ? false : then === "&&" ? this.#last !== 0 : this.#last === 0;
    }
  }

  /** One after the other, each with all that the one before wrote: what flows is small here. */
  async #pipeline(commands: readonly Command[], process: Process): Promise<number> {
    let stdin = process.stdin;
    let code = 0;
    for (const [index, command] of commands.entries()) {
      const written: Buffer[] = [];
      const last = index === commands.length - 1;
      code = await this.#command(command, { ...process, stdin, ...(!last && { stdout: (data: string | Buffer) => void written.push(Buffer.from(data)) }) }, commands.length > 1);
      stdin = from(written);
    }
    return code;
  }

  async #command(command: Command, outer: Process, inPipe: boolean): Promise<number> {
    const redirected = await this.#redirected(command.redirects, outer);
    if (typeof redirected === "number") return redirected;
    const { process, finish } = redirected;
    const words = (await Promise.all(command.words.map((word) => this.#fields(word, process)))).flat();
    const assigned: Record<string, string> = {};
    for (const { name, value } of command.assignments) assigned[name] = (await this.#fields(value, process)).join(" ");
    try {
      if (words.length === 0) {
        Object.assign(this.#process.env, assigned);
        return 0;
      }
      return await this.#start(words, command, assigned, process, inPipe);
    } finally {
      finish();
    }
  }

  async #start([name = "", ...args]: readonly string[], command: Command, assigned: Record<string, string>, process: Process, inPipe: boolean): Promise<number> {
    const { env } = this.#process;
    switch (name) {
      case "exit":
        if (inPipe) return Number(args[0] ?? this.#last) & 255;
        throw new Exit((Number(args[0] ?? this.#last) || 0) & 255);
      case ":":
        return 0;
      case "cd": {
        const target = process.files.resolve(args[0] ?? env["HOME"] ?? "/", this.#process.cwd);
        if (process.files.kind(target) !== "directory") return complain(process, `sh: cd: can't cd to ${args[0]}: No such file or directory`, 2);
        this.#process.cwd = target;
        return 0;
      }
      case "export":
        for (const word of command.words.slice(1)) {
          const assignment = asAssignment(word);
          const variable = assignment?.name ?? (await this.#fields(word, process)).join("");
          if (assignment) env[variable] = (await this.#fields(assignment.value, process)).join(" ");
          this.#exported.add(variable);
        }
        return 0;
      case "unset":
        for (const variable of args) delete env[variable];
        return 0;
      case "set":
        for (const option of args) if (/^[-+][a-z]*e/.test(option)) this.#exitOnError = option.startsWith("-");
        return 0;
      case "exec":
        if (args.length === 0) return 0;
        throw new Exit(await this.#start(args, { ...command, words: command.words.slice(1) }, assigned, process, inPipe));
    }
    const exported = Object.fromEntries(Object.entries(env).filter(([variable]) => this.#exported.has(variable)));
    const program = programs.find(name, process);
    if (program === undefined) return complain(process, `sh: ${name}: not found`, 127);
    return program(args, { ...process, cwd: this.#process.cwd, env: { ...exported, ...assigned } });
  }

  async #redirected(redirects: readonly Redirect[], outer: Process): Promise<{ process: Process; finish: () => void } | number> {
    const process = { ...outer };
    const finishers: (() => void)[] = [];
    for (const { from: descriptor, how, to } of redirects) {
      const target = (await this.#fields(to, outer)).join(" ");
      if (how === "read") {
        const file = await process.files.read(target, this.#process.cwd);
        if ("problem" in file) return complain(outer, `sh: can't open ${target}: ${file.problem}`, 1);
        process.stdin = from([file.data]);
        continue;
      }
      let write: (data: string | Buffer) => void;
      if (how === "same-as" || /^\/dev\/(stdout|stderr)$/.test(target)) write = target === "2" || target === "/dev/stderr" ? process.stderr : process.stdout;
      else if (target === "/dev/null") write = () => undefined;
      else {
        const written: Buffer[] = [];
        const before = how === "append" ? await process.files.read(target, this.#process.cwd) : undefined;
        if (before && "data" in before) written.push(before.data);
        const problem = process.files.write(target, this.#process.cwd, Buffer.concat(written));
        if (problem !== undefined) return complain(outer, `sh: can't create ${target}: ${problem}`, 1);
        write = (data) => void written.push(Buffer.from(data));
        finishers.push(() => void process.files.write(target, this.#process.cwd, Buffer.concat(written)));
      }
      if (descriptor === 1) process.stdout = write;
      else process.stderr = write;
    }
    return { process, finish: () => finishers.forEach((finish) => finish()) };
  }

  /** What a word comes to: one field where it is quoted, as many as it has where it is not. */
  async #fields(word: Word, process: Process): Promise<string[]> {
    let fields: string[] = [];
    let current: string | undefined = word.quoted ? "" : undefined;
    for (const part of word.parts) {
      if ("text" in part) {
        current = (current ?? "") + part.text;
        continue;
      }
      const text = "script" in part ? await this.#substituted(part.script, process) : (this.#variable(part.variable) || part.otherwise) ?? "";
      if (part.quoted || word.quoted) {
        current = (current ?? "") + text;
        continue;
      }
      const pieces = text.split(/\s+/);
      pieces.forEach((piece, index) => {
        if (index > 0 && current !== undefined && current !== "") {
          fields = [...fields, current];
          current = undefined;
        }
        if (piece !== "") current = (current ?? "") + piece;
      });
    }
    return current === undefined ? fields : [...fields, current];
  }

  async #substituted(script: string, process: Process): Promise<string> {
    const written: Buffer[] = [];
    const inner = new Shell({ ...process, env: { ...this.#process.env }, cwd: this.#process.cwd, stdin: from([]), stdout: (data) => void written.push(Buffer.from(data)) }, this.#positional, false);
    this.#last = await inner.script(script);
    return Buffer.concat(written).toString("utf8").replace(/\n+$/, "");
  }

  #variable(name: string): string {
    if (name === "?") return String(this.#last);
    if (name === "$") return "1";
    if (name === "#") return String(this.#positional.length);
    if (name === "@" || name === "*") return this.#positional.join(" ");
    if (/^\d$/.test(name)) return name === "0" ? "sh" : (this.#positional[Number(name) - 1] ?? "");
    return this.#process.env[name] ?? "";
  }
}

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

function complain(process: Process, message: string, code: number): number {
  process.stderr(`${message}\n`);
  return code;
}

