import type { ContainerFiles } from "./container-files.ts";

/** A command under way in a simulated container. */
export interface Process {
  env: Record<string, string>;
  cwd: string;
  files: ContainerFiles;
  stdin: AsyncIterable<Buffer>;
  stdout: (data: string | Buffer) => void;
  stderr: (data: string | Buffer) => void;
  signal: AbortSignal;
}

/** Resolves with the exit code. */
export type Program = (args: readonly string[], process: Process) => Promise<number> | number;

export async function everything(input: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}
