import { spawn } from "node:child_process";

/** Ends processes when this one can not do it any more: it was killed, or it crashed. */
export interface Guard extends Disposable {
  started(pid: number): void;
  ended(pid: number): void;
}

/** Reads `start PID` and `end PID` until the pipe closes; then what has not ended gets SIGTERM, and SIGKILL ten seconds later. */
const SCRIPT = `
all=
while read -r what pid; do
  others=
  for each in $all; do [ "$each" = "$pid" ] || others="$others $each"; done
  [ "$what" = start ] && others="$others $pid"
  all=$others
done
[ -z "$all" ] && exit
kill $all 2>/dev/null
turn=0
while [ $turn -lt 100 ]; do
  left=
  for each in $all; do kill -0 "$each" 2>/dev/null && left="$left $each"; done
  [ -z "$left" ] && exit
  sleep 0.1
  turn=$((turn + 1))
done
kill -9 $left 2>/dev/null
`;

/**
 * Starts a shell that outlives this process by moments: the kernel closes its pipe however this process ends.
 * It has a session of its own, so that what is sent to our process group does not reach it. `data` names it in `ps`.
 */
export function guard(data: string): Guard {
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "trireme-guard", data], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const say = (line: string): void => void (shell.stdin.writable && shell.stdin.write(`${line}\n`));
  // A machine that cannot start a shell has no guard; everything else works.
  shell.on("error", () => undefined);
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return {
    started: (pid) => say(`start ${pid}`),
    ended: (pid) => say(`end ${pid}`),
    [Symbol.dispose]: () => void shell.stdin.end(),
  };
}
