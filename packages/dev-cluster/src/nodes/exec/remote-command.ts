import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { asAppError, Code } from "@trireme/runtime/errors";
import type { Execution, PodExec, PodExecRequest } from "./pod-exec.ts";
import { openSpdy } from "./spdy-channels.ts";
import { terminal } from "./terminal.ts";
import { openWebSocket } from "./web-socket-channels.ts";

/** A request that asks for another protocol on its connection; `head` is what came behind its headers. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

export interface WantedStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/** The client's ends of a command, whatever carries them. */
export interface Channels {
  stdin: AsyncIterable<Buffer>;
  stdout: (data: string | Buffer) => void;
  stderr: (data: string | Buffer) => void;
  /** Tells the end of the command and closes everything. */
  finish(end: End): void;
  /** Aborts when the client is gone. */
  gone: AbortSignal;
}

export type End = { exitCode: number } | { failure: string };

/**
 * `/exec` of a kubelet, from the upgrade to the exit code: over WebSockets (v5.channel.k8s.io, v4.channel.k8s.io and
 * older ones) or SPDY/3.1. Refusals are plain text, as a kubelet writes them.
 */
export async function serveExec(exec: PodExec, request: PodExecRequest, streams: WantedStreams, upgrade: Upgrade, response: ServerResponse): Promise<void> {
  // Both streams of a terminal are one.
  const wanted = { ...streams, stderr: streams.stderr && !streams.tty };
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) return refuse(response, 400, "you must specify at least 1 of stdin, stdout, stderr");
  let execution: Execution;
  try {
    execution = exec.podExec(request);
  } catch (thrown) {
    const { code, message } = asAppError(thrown);
    return refuse(response, code === Code.NotFound ? 404 : 500, message);
  }
  const open = /^websocket$/i.test(upgrade.request.headers.upgrade ?? "") ? openWebSocket : openSpdy;
  const channels = await open(upgrade, wanted, response);
  if (!channels) return;
  const { stdin, stdout, stderr, interrupted } = terminal(channels, wanted.tty);
  let end: End;
  try {
    end = { exitCode: await execution.run({ stdin, stdout, stderr, signal: AbortSignal.any([channels.gone, interrupted]) }) };
  } catch (thrown) {
    end = interrupted.aborted ? { exitCode: 130 } : { failure: `error executing command in container: ${asAppError(thrown).message}` };
  }
  channels.finish(end);
}

/** The Status that the error stream ends with. */
export function statusOf(end: End, protocol: string): Record<string, unknown> {
  // Version 5 is translated on its way, and what translates it wraps what it is told once more.
  const translated = protocol.startsWith("v5.");
  if ("failure" in end) {
    const why = translated ? `Internal error occurred: ${end.failure}` : end.failure;
    return { metadata: {}, status: "Failure", message: `Internal error occurred: ${why}`, reason: "InternalError", details: { causes: [{ message: why }] }, code: 500 };
  }
  const { exitCode } = end;
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return { metadata: {}, status: "Failure", message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`, reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] } };
}

/** What the error stream of clients older than version 4 gets: a sentence, or nothing. */
export function sentenceOf(end: End): string {
  return "failure" in end ? end.failure : end.exitCode === 0 ? "" : `command terminated with non-zero exit code: exit status ${end.exitCode}`;
}

export function refuse(response: ServerResponse, code: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8", connection: "close", ...headers }).end(message);
}
