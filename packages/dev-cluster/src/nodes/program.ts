/** What a simulated container does, step by step. */
export type Step =
  | { do: "print"; text: string }
  | { do: "message"; text: string }
  | { do: "sleep"; ms: number }
  | { do: "run-for-ever" }
  | { do: "exit"; code: number }
  /** Sets the code that `&&`, `||` and the end of the script look at. */
  | { do: "result"; code: number }
  | { do: "when"; last: "ok" | "failed"; steps: Step[] }
  | { do: "repeat"; steps: Step[] };

export interface ContainerSpec {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string }[];
}

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|a|da)?sh$/;
const MAX_SCRIPT = 32 << 10;
/** A `while true` without a pause of its own still leaves the processor to others. */
const LOOP_PAUSE_MS = 1_000;
/** Turns of a counted loop that are played. */
const MAX_TURNS = 1_000;

/**
 * Reads a container's command the way its people meant it: `sleep`, `echo`, `printf`, `exit`, `true`, `false`,
 * alone or in a small shell script with `;`, `&&`, `||`, `for` and `while true`. Whatever else it runs is a server
 * that stays up where the pod restarts always, and a task that succeeds where it does not.
 */
export function programOf(container: ContainerSpec, restartPolicy: string): Step[] {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  const unknown: Step[] = restartPolicy === "Always" ? [{ do: "print", text: `${container.image} is up` }, { do: "run-for-ever" }] : [{ do: "result", code: 0 }];
  const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ""]));
  if (words.length === 0) return unknown;
  const script = scriptOf(words);
  if (script !== undefined) return script.length > MAX_SCRIPT ? unknown : scriptSteps(script, env, unknown);
  return commandSteps(words.map((word) => expanded(word, env)), unknown);
}

function scriptOf(words: readonly string[]): string | undefined {
  if (!SHELL.test(words[0]!)) return undefined;
  const flag = words.findIndex((word, index) => index > 0 && /^-[a-z]*c[a-z]*$/.test(word));
  return flag > 0 ? words[flag + 1] : undefined;
}

function scriptSteps(text: string, env: Record<string, string>, unknown: Step[]): Step[] {
  const script = unrolled(text);
  const loop = /^(?<before>[^]*?)(?:^|[;\n])[ \t]*while[ \t]+(?:true|:|\[ 1 \])[ \t]*[;\n][ \t]*do\s(?<body>[^]*?)[;\n][ \t]*done/.exec(script);
  if (loop?.groups) {
    const body = sequence(loop.groups["body"]!, env, [{ do: "result", code: 0 }]);
    return [...sequence(loop.groups["before"]!, env, [{ do: "result", code: 0 }]), { do: "repeat", steps: [...body, ...(body.some((step) => step.do === "sleep") ? [] : [{ do: "sleep", ms: LOOP_PAUSE_MS } as const])] }];
  }
  return sequence(script, env, unknown);
}

/** `for x in a b; do …; done` written out; `$(seq 1 3)` and `{1..3}` count. Loops within loops stay as they are. */
function unrolled(script: string): string {
  return script.replace(/(^|[;\n]|&&)[ \t]*for[ \t]+(\w+)[ \t]+in[ \t]([^;\n]*)[;\n][ \t]*do\s((?:(?!\bdo\b)[^])*?)[;\n][ \t]*done/g, (_, before: string, name: string, words: string, body: string) => {
    const values = words
      .replace(/\$\(seq\s+(?:(\d+)\s+)?(\d+)\)|\{(\d+)\.\.(\d+)\}/g, (__, from: string | undefined, to: string | undefined, low: string | undefined, high: string | undefined) => counted(Number(from ?? low ?? 1), Number(to ?? high)))
      .split(/\s+/)
      .filter(Boolean);
    return `${before} ${values.slice(0, MAX_TURNS).map((value) => `${name}=${value}; ${body}`).join("; ")}`;
  });
}

function counted(from: number, to: number): string {
  return Array.from({ length: Math.min(MAX_TURNS, Math.max(0, to - from + 1)) }, (_, index) => from + index).join(" ");
}

function sequence(script: string, env: Record<string, string>, unknown: Step[]): Step[] {
  const steps: Step[] = [];
  let joined: "&&" | "||" | ";" = ";";
  const parts = splitScript(script);
  parts.forEach(({ command, then }, index) => {
    const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(command.trim());
    const words = splitWords(command, env);
    if (words.length > 0) {
      if (assignment && words.length <= (command.trim().startsWith("export") ? 2 : 1)) env[assignment[1]!] = splitWords(assignment[2]!, env).join(" ");
      const own = assignment ? ([{ do: "result", code: 0 }] as Step[]) : commandSteps(words, index === parts.length - 1 ? unknown : [{ do: "result", code: 0 }]);
      steps.push(...(joined === ";" ? own : [{ do: "when", last: joined === "&&" ? "ok" : "failed", steps: own } as const]));
    }
    joined = then;
  });
  return steps;
}

function commandSteps(words: readonly string[], unknown: Step[]): Step[] {
  const [first = "", ...rest] = words;
  const redirect = rest.findIndex((word) => /^(?:[12&]?>>?)/.test(word));
  const target = redirect >= 0 ? rest.slice(redirect).join(" ").replace(/^[12&]?>>?\s*/, "") : undefined;
  const args = redirect >= 0 ? rest.slice(0, redirect) : rest;
  switch (first.slice(first.lastIndexOf("/") + 1)) {
    case "exec":
      return commandSteps(rest, unknown);
    case "echo":
      return [output(args[0] === "-n" ? args.slice(1).join(" ") : args.join(" "), target), { do: "result", code: 0 }];
    case "printf":
      return [output((args[0] ?? "").replace(/\\n$/, ""), target), { do: "result", code: 0 }];
    case "sleep":
      return [args[0] === "infinity" || args[0] === "inf" ? { do: "run-for-ever" } : { do: "sleep", ms: args.reduce((sum, text) => sum + seconds(text), 0) * 1000 }, { do: "result", code: 0 }];
    case "exit":
      return [{ do: "exit", code: (Number(args[0] ?? 0) || 0) & 255 }];
    case "true":
    case ":":
      return [{ do: "result", code: 0 }];
    case "false":
      return [{ do: "result", code: 1 }];
    case "tail":
      return args.includes("-f") || args.includes("-F") ? [{ do: "run-for-ever" }] : [{ do: "result", code: 0 }];
    default:
      return unknown;
  }
}

function output(text: string, target: string | undefined): Step {
  if (target === undefined || target === "&2" || target === "/dev/stderr" || target === "/dev/stdout") return { do: "print", text };
  return target === "/dev/termination-log" ? { do: "message", text } : { do: "result", code: 0 };
}

function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * { "": 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as "" | "s" | "m" | "h" | "d"] : 0;
}

/** Commands of a script with what joins each to the next; quotes hold separators together. */
function splitScript(script: string): { command: string; then: "&&" | "||" | ";" }[] {
  const parts: { command: string; then: "&&" | "||" | ";" }[] = [];
  let command = "";
  let quote = "";
  for (let i = 0; i < script.length; i++) {
    const char = script[i]!;
    const pair = script.slice(i, i + 2);
    if (quote) {
      command += char;
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") {
      quote = char;
      command += char;
    } else if (pair === "&&" || pair === "||") {
      parts.push({ command, then: pair });
      command = "";
      i++;
    } else if (char === ";" || char === "\n") {
      parts.push({ command, then: ";" });
      command = "";
    } else command += char;
  }
  parts.push({ command, then: ";" });
  return parts.filter((part) => part.command.trim() !== "" && !part.command.trim().startsWith("#") && !/^set\s/.test(part.command.trim()));
}

function splitWords(command: string, env: Record<string, string>): string[] {
  return (command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replace(/"([^"]*)"|'([^']*)'|([^"']+)/g, (_, double?: string, single?: string, bare?: string) => single ?? expanded(double ?? bare ?? "", env)));
}

function expanded(text: string, env: Record<string, string>): string {
  return text.replace(/\$(?:\(([A-Za-z_][A-Za-z0-9_]*)\)|\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g, (whole, a?: string, b?: string, c?: string) => env[(a ?? b ?? c)!] ?? (a === undefined ? "" : whole));
}
