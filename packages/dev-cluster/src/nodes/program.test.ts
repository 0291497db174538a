import { programOf } from "./program.ts";
import { runProgram } from "./run-program.ts";

/** Runs a container's command to its end, at most for as long as given. */
async function outcome(command: string[], options: { env?: Record<string, string>; restartPolicy?: string; ms?: number } = {}) {
  const printed: string[] = [];
  let message: string | undefined;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error("still running")), options.ms ?? 500);
  const container = { name: "main", image: "web:1", command, env: Object.entries(options.env ?? {}).map(([name, value]) => ({ name, value })) };
  const code = await runProgram(programOf(container, options.restartPolicy ?? "Never"), { print: (line) => printed.push(line), message: (text) => (message = text), signal: stop.signal }).catch((error: Error) => error.message);
  clearTimeout(timer);
  return { code, printed, ...(message !== undefined && { message }) };
}

const sh = (script: string) => ["sh", "-c", script];

describe(programOf, () => {
  test.each([
    { name: "a failing script", command: sh("exit 1"), want: { code: 1, printed: [] } },
    { name: "printing, then failing", command: sh("echo one\necho 'two; three'; exit 3; echo never"), want: { code: 3, printed: ["one", "two; three"] } },
    { name: "a plain command", command: ["echo", "hello", "world"], want: { code: 0, printed: ["hello world"] } },
    { name: "false", command: ["false"], want: { code: 1, printed: [] } },
    { name: "and", command: sh("true && echo yes && false && echo no"), want: { code: 1, printed: ["yes"] } },
    { name: "or", command: sh("false || echo rescued"), want: { code: 0, printed: ["rescued"] } },
    { name: "variables", command: sh('NAME=x; export GREETING="hi there"; echo "$GREETING ${NAME} $WHO" \'$WHO\''), env: { WHO: "me" }, want: { code: 0, printed: ["hi there x me $WHO"] } },
    { name: "a variable of the pod", command: ["echo", "$(WHO)", "$(NOBODY)"], env: { WHO: "me" }, want: { code: 0, printed: ["me $(NOBODY)"] } },
    { name: "sleep", command: sh("sleep 0.02; echo awake"), want: { code: 0, printed: ["awake"] } },
    { name: "a loop", command: sh("echo start; while true; do echo tick; sleep 0.03; done"), want: { code: "still running", printed: ["start", "tick", "tick", "tick", "tick"].slice(0, 5) } },
    { name: "a list", command: sh("for x in a b; do echo $x; done; echo end"), want: { code: 0, printed: ["a", "b", "end"] } },
    { name: "a count", command: sh("for i in $(seq 1 3)\ndo\n  echo \"step $i\"\n  sleep 0.001\ndone\nexit 4"), want: { code: 4, printed: ["step 1", "step 2", "step 3"] } },
    { name: "a termination message", command: sh("echo because > /dev/termination-log; exit 2"), want: { code: 2, printed: [], message: "because" } },
    { name: "sleeping for ever", command: ["sleep", "infinity"], want: { code: "still running", printed: [] } },
    { name: "waiting for ever", command: ["tail", "-f", "/dev/null"], want: { code: "still running", printed: [] } },
    { name: "a task that we do not know", command: ["perl", "-e", "print 1"], want: { code: 0, printed: [] } },
    { name: "a server", command: ["nginx"], restartPolicy: "Always", want: { code: "still running", printed: ["web:1 is up"] } },
    { name: "a server behind exec", command: sh("echo up; exec node server.js"), restartPolicy: "Always", want: { code: "still running", printed: ["up", "web:1 is up"] } },
  ])("$name", async ({ command, env, restartPolicy, want }) => {
    const result = await outcome(command, { ...(env && { env }), ...(restartPolicy && { restartPolicy }) });
    expect({ ...result, printed: result.printed.slice(0, want.printed.length) }).toEqual(want);
  });

  test.each(["\n".repeat(32_000), "for x in ".padEnd(32_000), "for x in a; do ".repeat(2_000), `while true; do ${";".repeat(30_000)}`, `echo "${"a".repeat(30_000)}`])("reads a hostile script in no time", (script) => {
    const started = performance.now();
    programOf({ name: "main", image: "x", command: sh(script) }, "Never");
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
