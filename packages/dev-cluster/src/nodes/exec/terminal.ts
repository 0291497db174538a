import { PassThrough } from "node:stream";
import type { Channels } from "./remote-command.ts";

const [INTERRUPT, END, BACKSPACE, DELETE, RETURN, NEWLINE] = [0x03, 0x04, 0x08, 0x7f, 0x0d, 0x0a];

export interface Terminal {
  stdin: AsyncIterable<Buffer>;
  stdout: (data: string | Buffer) => void;
  stderr: (data: string | Buffer) => void;
  /** Aborts when the user types Ctrl-C. */
  interrupted: AbortSignal;
}

/** What stands between a user's keyboard and a command: lines, echo, Ctrl-C and Ctrl-D. Without a terminal, nothing. */
export function terminal(channels: Pick<Channels, "stdin" | "stdout" | "stderr">, tty: boolean): Terminal {
  const interrupt = new AbortController();
  if (!tty) return { ...channels, interrupted: interrupt.signal };
  const stdin = new PassThrough();
  void lines(channels.stdin, stdin, (text) => channels.stdout(text), interrupt).finally(() => stdin.end());
  const shown = (data: string | Buffer): void => channels.stdout(Buffer.from(Buffer.from(data).toString("latin1").replaceAll("\n", "\r\n"), "latin1"));
  return { stdin, stdout: shown, stderr: shown, interrupted: interrupt.signal };
}

async function lines(keys: AsyncIterable<Buffer>, to: PassThrough, echo: (text: string) => void, interrupt: AbortController): Promise<void> {
  let line: number[] = [];
  for await (const chunk of keys) {
    for (const key of chunk) {
      if (key === INTERRUPT) {
        echo("^C\r\n");
        interrupt.abort();
        return;
      }
      if (key === END) {
        if (line.length === 0) return;
        to.write(Buffer.from(line));
        line = [];
      } else if (key === BACKSPACE || key === DELETE) {
        if (line.pop() !== undefined) echo("\b \b");
      } else if (key === RETURN || key === NEWLINE) {
        echo("\r\n");
        to.write(Buffer.from([...line, NEWLINE!]));
        line = [];
      } else {
        line.push(key);
        echo(String.fromCharCode(key));
      }
    }
  }
}
