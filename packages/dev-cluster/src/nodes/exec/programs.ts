import { setTimeout as pause } from "node:timers/promises";
import { everything, type Process, type Program } from "./process.ts";
import { shell } from "./shell.ts";

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The programs that a simulated container has, all of them in /bin. */
const known: Readonly<Record<string, Program>> = {
  "[": (args, process) => (args.at(-1) === "]" ? test(args.slice(0, -1), process) : fail(process, "[: missing ]", 2)),
  ash: shell,
  basename: ([name = "", suffix = ""], { stdout }) => ok(stdout(`${name.replace(/\/+$/, "").split("/").at(-1)!.replace(new RegExp(`${escaped(suffix)}$`), "")}\n`)),
  bash: shell,
  cat,
  date: (args, { stdout }) => ok(stdout(`${args[0] === "+%s" ? Math.floor(Date.now() / 1000) : new Date().toUTCString()}\n`)),
  dash: shell,
  dirname: ([name = ""], { stdout }) => ok(stdout(`${name.includes("/") ? name.slice(0, name.lastIndexOf("/")) || "/" : "."}\n`)),
  echo: (args, { stdout }) => ok(args[0] === "-n" ? stdout(args.slice(1).join(" ")) : stdout(`${(args[0] === "-e" ? unescaped(args.slice(1).join(" ")) : args.join(" "))}\n`)),
  env,
  false: () => 1,
  grep,
  head: (args, process) => excerpt(args, process, (lines, count) => lines.slice(0, count)),
  hostname: (_, { env: { HOSTNAME = "" }, stdout }) => ok(stdout(`${HOSTNAME}\n`)),
  id: (args, { stdout }) => ok(stdout(args[0] === "-u" || args[0] === "-g" ? "0\n" : "uid=0(root) gid=0(root)\n")),
  ls,
  mkdir: (args, process) => each(args, (name) => report(process, "mkdir", `can't create directory '${name}'`, process.files.makeFolder(name, process.cwd, args.includes("-p")))),
  printenv: (args, process) => (args.length === 0 ? env([], process) : printed(process, args[0]!)),
  printf: (args, { stdout }) => ok(stdout(formatted(args))),
  pwd: (_, { cwd, stdout }) => ok(stdout(`${cwd}\n`)),
  rm: (args, process) => each(args, (name) => report(process, "rm", `can't remove '${name}'`, process.files.remove(name, process.cwd), args.some((flag) => /^-.*f/.test(flag)))),
  seq: (args, { stdout }) => ok(stdout(sequence(args.map(Number)))),
  sh: shell,
  sleep,
  tail: (args, process) => excerpt(args, process, (lines, count) => (count === 0 ? [] : lines.slice(-count))),
  tee: async (args, process) => {
    const data = await everything(process.stdin);
    process.stdout(data);
    return each(args, (name) => report(process, "tee", name, process.files.write(name, process.cwd, data)));
  },
  test: (args, process) => test(args, process),
  touch: (args, process) => each(args, (name) => report(process, "touch", name, process.files.kind(process.files.resolve(name, process.cwd)) === "none" ? process.files.write(name, process.cwd, Buffer.alloc(0)) : undefined)),
  true: () => 0,
  uname: (args, { stdout, env: { HOSTNAME = "" } }) => ok(stdout(args.includes("-a") ? `Linux ${HOSTNAME} 0.0.0-simulated ${process.arch}\n` : args.includes("-n") ? `${HOSTNAME}\n` : args.includes("-r") ? "0.0.0-simulated\n" : args.includes("-m") ? `${process.arch === "arm64" ? "aarch64" : "x86_64"}\n` : "Linux\n")),
  wc: async (args, process) => {
    const flags = args.find((arg) => arg.startsWith("-")) ?? "-lwc";
    const { data, code } = await input(args.filter((arg) => !arg.startsWith("-")), process, "wc");
    const text = data.toString("utf8");
    const counts = [["l", text.split("\n").length - 1], ["w", text.split(/\s+/).filter(Boolean).length], ["c", data.length]] as const;
    process.stdout(`${counts.filter(([letter]) => flags.includes(letter)).map(([, count]) => count).join(" ")}\n`);
    return code;
  },
  whoami: (_, { stdout }) => ok(stdout("root\n")),
};

export const programs = {
  names: Object.keys(known).sort(),

  /** By its name on PATH or by its path. */
  find(name: string, process: Pick<Process, "env" | "cwd">): Program | undefined {
    const at = name.lastIndexOf("/");
    const base = name.slice(at + 1);
    const program = Object.hasOwn(known, base) ? known[base] : undefined;
    if (at < 0) return (process.env["PATH"] ?? "").split(":").some((folder) => FOLDERS.includes(folder)) ? program : undefined;
    return name.slice(0, at) === "/bin" || name.slice(0, at) === "/usr/bin" ? program : undefined;
  },
};

async function cat(args: readonly string[], process: Process): Promise<number> {
  const names = args.filter((arg) => !/^-[a-z]+$/.test(arg));
  let code = 0;
  for (const name of names.length > 0 ? names : ["-"]) {
    if (name === "-" || name === "/dev/stdin") {
      for await (const chunk of process.stdin) process.stdout(chunk);
      continue;
    }
    const file = await process.files.read(name, process.cwd);
    if ("data" in file) process.stdout(file.data);
    else code = fail(process, file.problem === "Is a directory" ? "cat: read error: Is a directory" : `cat: can't open '${name}': ${file.problem}`, 1);
  }
  return code;
}

async function env(args: readonly string[], process: Process): Promise<number> {
  const variables = { ...process.env };
  let at = 0;
  for (; at < args.length && args[at]!.includes("="); at++) {
    const [name = "", ...value] = args[at]!.split("=");
    variables[name] = value.join("=");
  }
  const [command, ...rest] = args.slice(at);
  if (command === undefined) return ok(process.stdout(Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join("")));
  const program = programs.find(command, { ...process, env: variables });
  return program ? program(rest, { ...process, env: variables }) : fail(process, `env: can't execute '${command}': No such file or directory`, 127);
}

function printed(process: Process, name: string): number {
  const value = process.env[name];
  return value === undefined ? 1 : ok(process.stdout(`${value}\n`));
}

async function ls(args: readonly string[], process: Process): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const names = args.filter((arg) => !arg.startsWith("-"));
  let code = 0;
  for (const name of names.length > 0 ? names : ["."]) {
    const path = process.files.resolve(name, process.cwd);
    const kind = process.files.kind(path);
    if (kind === "none") code = fail(process, `ls: ${name}: No such file or directory`, 1);
    else {
      const entries = kind === "file" || flags.includes("d") ? [name] : process.files.list(path).filter((entry) => flags.includes("a") || flags.includes("A") || !entry.startsWith("."));
      if (names.length > 1 && kind === "directory") process.stdout(`${name}:\n`);
      const line = (entry: string): string => (flags.includes("l") ? `${process.files.kind(kind === "file" ? path : `${path === "/" ? "" : path}/${entry}`) === "directory" ? "drwxr-xr-x" : "-rw-r--r--"} root root ${entry}\n` : `${entry}\n`);
      process.stdout(entries.map(line).join(""));
    }
  }
  return code;
}

async function sleep(args: readonly string[], process: Process): Promise<number> {
  let ms = 0;
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$|^inf(?:inity)?$/.exec(arg);
    if (!match) return fail(process, `sleep: invalid number '${arg}'`, 1);
    ms += match[1] === undefined ? Infinity : Number(match[1]) * { "": 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as "" | "s" | "m" | "h" | "d"] * 1000;
  }
  await pause(Math.min(ms, 2 ** 31 - 1), undefined, { signal: process.signal });
  return 0;
}

function test(args: readonly string[], process: Process): number {
  if (args[0] === "!") return test(args.slice(1), process) === 0 ? 1 : 0;
  for (const [word, joined] of [["-o", (a: boolean, b: boolean) => a || b], ["-a", (a: boolean, b: boolean) => a && b]] as const) {
    const at = args.indexOf(word, 1);
    if (at > 0 && at < args.length - 1) return joined(test(args.slice(0, at), process) === 0, test(args.slice(at + 1), process) === 0) ? 0 : 1;
  }
  if (args.length <= 1) return (args[0] ?? "") === "" ? 1 : 0;
  const [a = "", operator = "", b = ""] = args;
  const holds = args.length === 2 ? unary(a, operator, process) : binary(a, operator, b);
  return holds === undefined ? fail(process, `test: ${args.length === 2 ? a : operator}: unknown operand`, 2) : holds ? 0 : 1;
}

function unary(operator: string, operand: string, { files, cwd }: Process): boolean | undefined {
  const kind = files.kind(files.resolve(operand, cwd));
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-e":
    case "-r":
    case "-w":
      return kind !== "none";
    case "-f":
      return kind === "file";
    case "-d":
      return kind === "directory";
    case "-s":
      return kind === "file" && !files.isEmpty(operand, cwd);
    case "-x":
      return programs.find(operand, { env: {}, cwd }) !== undefined || kind === "directory";
    default:
      return undefined;
  }
}

function binary(a: string, operator: string, b: string): boolean | undefined {
  const numbers: Record<string, (x: number, y: number) => boolean> = { "-eq": (x, y) => x === y, "-ne": (x, y) => x !== y, "-lt": (x, y) => x < y, "-le": (x, y) => x <= y, "-gt": (x, y) => x > y, "-ge": (x, y) => x >= y };
  if (operator === "=" || operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  return /^-?\d+$/.test(a) && /^-?\d+$/.test(b) ? numbers[operator]?.(Number(a), Number(b)) : undefined;
}

async function grep(args: readonly string[], process: Process): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const [pattern = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
  const { data, code } = await input(names, process, "grep");
  if (code !== 0) return 2;
  let expression: RegExp;
  try {
    expression = new RegExp(flags.includes("F") ? escaped(pattern) : pattern, flags.includes("i") ? "i" : "");
  } catch {
    return fail(process, `grep: bad regex '${pattern}'`, 2);
  }
  const lines = data.toString("utf8").replace(/\n$/, "").split("\n").filter((line) => expression.test(line) !== flags.includes("v"));
  if (flags.includes("c")) process.stdout(`${lines.length}\n`);
  else if (!flags.includes("q")) process.stdout(lines.map((line) => `${line}\n`).join(""));
  return lines.length > 0 ? 0 : 1;
}

async function excerpt(args: readonly string[], process: Process, choose: (lines: string[], count: number) => string[]): Promise<number> {
  const numbered = args.findIndex((arg) => arg === "-n");
  const short = args.find((arg) => /^-n?\d+$/.test(arg));
  const count = Number(numbered >= 0 ? args[numbered + 1] : (short?.replace(/\D/g, "") ?? 10));
  const names = args.filter((arg, index) => !arg.startsWith("-") && (numbered < 0 || index !== numbered + 1));
  const { data, code } = await input(names, process, "head");
  process.stdout(choose(data.toString("utf8").split(/(?<=\n)/), count).join(""));
  return code;
}

/** The files that are named, one after the other, or stdin. */
async function input(names: readonly string[], process: Process, program: string): Promise<{ data: Buffer; code: number }> {
  if (names.length === 0) return { data: await everything(process.stdin), code: 0 };
  const chunks: Buffer[] = [];
  let code = 0;
  for (const name of names) {
    const file = await process.files.read(name, process.cwd);
    if ("data" in file) chunks.push(file.data);
    else code = fail(process, `${program}: ${name}: ${file.problem}`, 1);
  }
  return { data: Buffer.concat(chunks), code };
}

function formatted([format = "", ...values]: readonly string[]): string {
  const one = (): string => unescaped(format).replaceAll(/%(?:%|-?\d*(?:\.\d+)?([sdi]))/g, (whole, letter?: string) => (letter === undefined ? "%" : letter === "s" ? (values.shift() ?? "") : String(Number(values.shift() ?? 0) || 0).padStart(Number(/\d+/.exec(whole)?.[0] ?? 0))));
  let text = one();
  while (values.length > 0 && /%[^%]/.test(format)) text += one();
  return text;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([nt\\r0])/g, (_, letter: string) => ({ n: "\n", t: "\t", r: "\r", "\\": "\\", 0: "\0" })[letter]!);
}

function sequence(numbers: readonly number[]): string {
  const [from, step, to] = numbers.length >= 3 ? [numbers[0]!, numbers[1]!, numbers[2]!] : numbers.length === 2 ? [numbers[0]!, 1, numbers[1]!] : [1, 1, numbers[0] ?? 0];
  let text = "";
  for (let n = from; step > 0 && n <= Math.min(to, from + 100_000); n += step) text += `${n}\n`;
  return text;
}

function each(args: readonly string[], visit: (name: string) => number): number {
  return Math.max(0, ...args.filter((arg) => !arg.startsWith("-")).map(visit));
}

function report(process: Process, program: string, what: string, problem: string | undefined, quiet = false): number {
  return problem === undefined || quiet ? 0 : fail(process, `${program}: ${what}: ${problem}`, 1);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function ok(_: void): number {
  return 0;
}

function fail(process: Process, message: string, code: number): number {
  process.stderr(`${message}\n`);
  return code;
}
