// The only place that starts a process. Every child dies with the hub, and stopping it leaves nothing behind.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import { StderrTail } from "./stderr_tail.ts";

/** The programs the hub may start. The binary's permissions name the same ones (see Makefile). */
export const PROGRAMS = [
  "ffmpeg",
  "v4l2-ctl",
  "rpicam-vid",
  "rpicam-hello",
  "libcamera-vid",
  "libcamera-hello",
  "cat",
  "kill",
] as const;
export type Program = typeof PROGRAMS[number];

const PACKAGES: Partial<Record<string, string>> = {
  ffmpeg: "ffmpeg",
  "v4l2-ctl": "v4l-utils",
  setpriv: "util-linux",
  kill: "procps",
  "rpicam-vid": "rpicam-apps",
  "rpicam-hello": "rpicam-apps",
  "libcamera-vid": "rpicam-apps",
  "libcamera-hello": "rpicam-apps",
};

/** What to start. Arguments never hold a secret: `ps` shows them to everybody. */
export interface ProcessSpec {
  /** Whose process it is, for logs and metrics, for example `camera front`. */
  name: string;
  program: Program;
  args: readonly string[];
  /** `piped` when the hub feeds the process. Default `null`. */
  stdin?: "piped" | "null";
  /** Written to the process's stdin, which is then closed: for what may stand in no argument. */
  input?: Secret;
}

/** How a process ended. */
export interface ProcessExit {
  code: number;
  signal: string | undefined;
  /** The last lines it wrote to stderr, credentials blanked. */
  stderr: readonly string[];
}

/** A running process. */
export interface Child {
  readonly name: string;
  readonly program: Program;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stdin: WritableStream<Uint8Array> | undefined;
  /** Settles when the process has ended and its group is gone; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGTERM; after the deadline SIGKILL; whatever of its group is left then is killed. */
  stop(): Promise<ProcessExit>;
}

const STOP_DEADLINE_MS = 2000;

/** Starts processes and knows those that run. */
export class Launcher {
  readonly #clock: Clock;
  readonly #living = new Map<number, Child>();

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /** The processes that run now. */
  get living(): readonly Child[] {
    return [...this.#living.values()];
  }

  /**
   * Starts a process in a group of its own; the kernel kills it if the hub dies (`PR_SET_PDEATHSIG`).
   * @throws HubError `unavailable` when the program is not installed.
   */
  spawn(spec: ProcessSpec): Child {
    const process = this.#start(spec);
    const stderr = new StderrTail(process.stderr);
    const exited = this.#watch(process, stderr);
    if (spec.input) void writeInput(process, spec.input);
    const child: Child = {
      name: spec.name,
      program: spec.program,
      pid: process.pid,
      startedAtMs: this.#clock.now(),
      stdout: process.stdout,
      stdin: spec.stdin === "piped" ? process.stdin : undefined,
      exited,
      stop: () => this.#stop(process, exited),
    };
    this.#living.set(process.pid, child);
    return child;
  }

  /** Ends every process that still runs. */
  async stopAll(): Promise<void> {
    await Promise.all(this.living.map((child) => child.stop()));
  }

  #start(spec: ProcessSpec): Deno.ChildProcess {
    try {
      return new Deno.Command("setpriv", {
        args: ["--pdeathsig", "SIGKILL", "--", spec.program, ...spec.args],
        stdin: spec.input ? "piped" : spec.stdin ?? "null",
        stdout: "piped",
        stderr: "piped",
        detached: true,
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin", LC_ALL: "C" },
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) throw missingProgram("setpriv", error);
      throw error;
    }
  }

  async #watch(process: Deno.ChildProcess, stderr: StderrTail): Promise<ProcessExit> {
    const status = await process.status;
    await this.#killGroup(process.pid);
    this.#living.delete(process.pid);
    await this.#briefly(stderr.ended);
    return { code: status.code, signal: status.signal ?? undefined, stderr: stderr.lines };
  }

  /** Waits, but not for a stderr that something else still holds open. */
  async #briefly(ended: Promise<void>): Promise<void> {
    const timer = new AbortController();
    const limit = this.#clock.sleep(500, timer.signal).catch(() => {/* called off: it ended in time */});
    await Promise.race([ended, limit]);
    timer.abort();
    await limit;
  }

  async #stop(process: Deno.ChildProcess, exited: Promise<ProcessExit>): Promise<ProcessExit> {
    if (!this.#living.has(process.pid)) return await exited;
    signalChild(process, "SIGTERM");
    const timer = new AbortController();
    const deadline = this.#clock.sleep(STOP_DEADLINE_MS, timer.signal).then(
      () => signalChild(process, "SIGKILL"),
      () => {/* it ended in time, so the deadline was called off */},
    );
    const exit = await exited;
    timer.abort();
    await deadline;
    return exit;
  }

  /** A program that forked leaves no orphan. `Deno.kill` would need the right to start any program. */
  async #killGroup(pid: number): Promise<void> {
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    try {
      await new Deno.Command("kill", { args: ["-s", "KILL", "--", `-${pid}`], ...quiet }).output();
    } catch (error) {
      // The process itself has ended. That the program is missing is told once, at start (tools.ts); want of
      // memory or file descriptors must not turn an ended process into a fault of the hub.
      if (!(error instanceof Error)) throw error;
    }
  }
}

/** A process that ends before it has read its input tells why by its exit. */
async function writeInput(process: Deno.ChildProcess, input: Secret): Promise<void> {
  const writer = process.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input.reveal()));
    await writer.close();
  } catch (error) {
    const hasEnded = error instanceof Deno.errors.BrokenPipe || error instanceof TypeError;
    if (!hasEnded) throw error;
  }
}

function signalChild(process: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch (error) {
    const ended = error instanceof TypeError || error instanceof Deno.errors.NotFound;
    if (!ended) throw error;
  }
}

/** The error for a program that is not installed. */
export function missingProgram(program: string, cause?: unknown): HubError {
  const debianPackage = PACKAGES[program] ?? program;
  return new HubError("unavailable", `The program ${program} is not installed`, {
    hint: `Install it with: sudo apt install ${debianPackage}`,
    details: { program },
    cause,
  });
}

/** Returns the error when the process ended because its program could not be started, else undefined. */
export function explainLaunchFailure(program: Program, exit: ProcessExit): HubError | undefined {
  if (exit.code !== 127 && exit.code !== 126) return undefined;
  const line = exit.stderr.at(-1) ?? "";
  if (!line.startsWith("setpriv:")) return undefined;
  if (/No such file/.test(line)) return missingProgram(program);
  return new HubError("unavailable", `The program ${program} could not be started: ${line}`);
}
