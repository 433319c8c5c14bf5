// Runs a program to its end and returns what it printed: for questions to tools such as v4l2-ctl.
import { HubError, isAbort } from "../base/errors.ts";
import type { Clock } from "../base/clock.ts";
import { abortable } from "../base/scope.ts";
import {
  type Child,
  explainLaunchFailure,
  type Launcher,
  type ProcessExit,
  type ProcessSpec,
} from "./launcher.ts";

/** What a finished command left. */
export interface CommandResult extends ProcessExit {
  stdout: Uint8Array<ArrayBuffer>;
}

/** Bounds of one command. */
export interface CommandOptions {
  launcher: Launcher;
  clock: Clock;
  signal: AbortSignal;
  deadlineMs: number;
  maxBytes: number;
  /** Sent to the program's stdin, which is then closed. */
  input?: Uint8Array<ArrayBuffer>;
}

/**
 * Runs a program with a deadline and a bound on its output.
 * @throws HubError `timeout` past the deadline, `internal` past the bound, `unavailable` when not installed.
 */
export async function runCommand(spec: ProcessSpec, options: CommandOptions): Promise<CommandResult> {
  const child = options.launcher.spawn({ ...spec, stdin: options.input ? "piped" : "null" });
  const limit = new AbortController();
  const timer = options.clock.sleep(options.deadlineMs, limit.signal).then(
    () => "deadline" as const,
    () => undefined,
  );
  try {
    const work = converse(child, options);
    const winner = await abortable(Promise.race([work, timer]), options.signal);
    if (winner === "deadline" || winner === undefined) {
      work.catch(() => {/* the deadline is what the caller is told */});
      throw new HubError("timeout", `${spec.program} gave no answer in ${options.deadlineMs / 1000} s`);
    }
    const failure = explainLaunchFailure(spec.program, winner);
    if (failure) throw failure;
    return winner;
  } finally {
    limit.abort();
    await child.stop();
  }
}

async function converse(child: Child, options: CommandOptions): Promise<CommandResult> {
  const feeding = feed(child, options.input);
  const stdout = await readAll(child.stdout, options.maxBytes);
  await feeding;
  return { ...await child.exited, stdout };
}

async function feed(child: Child, input: Uint8Array | undefined): Promise<void> {
  if (!child.stdin || !input) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch (error) {
    // The program may end before it has read everything; its exit code then tells why.
    const isClosed = error instanceof Deno.errors.BrokenPipe || error instanceof TypeError;
    if (!isClosed && !isAbort(error)) throw error;
  }
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new HubError("internal", `A program printed more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const all = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
