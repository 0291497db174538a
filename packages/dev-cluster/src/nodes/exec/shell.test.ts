import { ContainerFiles } from "./container-files.ts";
import { shell } from "./shell.ts";
import { emptyWritable } from "./writable.ts";

async function play(script: string, { args = [], stdin = "" }: { args?: string[]; stdin?: string } = {}): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const files = new ContainerFiles(new Map([["/etc/conf/a", () => Buffer.from("alpha\nbeta\n")]]), [{ path: "/etc/conf", readOnly: true }], emptyWritable());
  const input = async function* () {
    if (stdin !== "") yield Buffer.from(stdin);
  };
  const code = await shell(["-c", script, ...args], { env: { PATH: "/bin", HOME: "/root", A: "one two", EMPTY: "" }, cwd: "/", files, stdin: input(), stdout: (data) => void (out += data.toString()), stderr: (data) => void (err += data.toString()), signal: new AbortController().signal });
  return { code, out, err };
}

describe(shell, () => {
  it.each([
    { name: "words and quotes", script: `echo a  'b  c' "d $A" $A \\$A`, out: "a b  c d one two one two $A\n" },
    { name: "an unset variable and its substitute", script: 'echo [$NONE] "${NONE:-x y}" ${EMPTY:-z}', out: "[] x y z\n" },
    { name: "positional parameters", script: 'echo $0 $1 "$#"', args: ["sh", "p"], out: "sh p 1\n" },
    { name: "what holds and what does not", script: "true && echo yes; false || echo no; ! false && echo not", out: "yes\nno\nnot\n" },
    { name: "the code before", script: "false; echo $?", out: "1\n" },
    { name: "a pipe", script: "cat /etc/conf/a | grep b | wc -l", out: "1\n" },
    { name: "a command in a command", script: 'X=$(cat /etc/conf/a | head -n 1); echo "($X)" $(echo "(b)")', out: "(alpha) (b)\n" },
    { name: "files", script: "cd /tmp; echo 1 > f; echo 2 >> f; cat < f; rm f; test -e f || echo gone", out: "1\n2\ngone\n" },
    { name: "errors into the output", script: "cat /none 2>&1", code: 1, out: "cat: can't open '/none': No such file or directory\n" },
    { name: "stdin", script: "cat", stdin: "typed", out: "typed" },
    { name: "variables for one command and for all", script: "B=1 env | grep ^B=; C=2; env | grep ^C=; export C; env | grep ^C=", out: "B=1\nC=2\n" },
    { name: "an exit from within", script: "echo a; exit 300; echo b", code: 44, out: "a\n" },
    { name: "the end at the first error", script: "set -e; false; echo never", code: 1, out: "" },
    { name: "a command that is not there", script: "psql; echo $?", out: "127\n", err: "sh: psql: not found\n" },
    { name: "a file system that is read only", script: "echo x > /etc/conf/a", code: 1, err: "sh: can't create /etc/conf/a: Read-only file system\n" },
    { name: "syntax that it does not know", script: "if true; then echo x; fi", code: 2, err: "sh: 'if' is not known to the shell of this simulated container\n" },
    { name: "no syntax at all", script: "echo 'x", code: 2, err: "sh: syntax error: unterminated quoted string\n" },
  ])("plays $name", async ({ script, args, stdin, code = 0, out = "", err = "" }) => {
    expect(await play(script, { ...(args && { args }), ...(stdin !== undefined && { stdin }) })).toEqual({ code, out, err });
  });
});
