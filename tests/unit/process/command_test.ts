// runCommand and what is read with it: deadline, bound, input, abort, and the figures of running processes.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { type CommandOptions, runCommand } from "../../../src/process/command.ts";
import type { Program } from "../../../src/process/launcher.ts";
import { StderrTail } from "../../../src/process/stderr_tail.ts";
import { missingTools } from "../../../src/process/tools.ts";
import { parseUsage, readUsage } from "../../../src/process/usage.ts";
import { assertNothingRuns, bench, drawingArgs, isAlive } from "../tools/processes.ts";

const decoder = new TextDecoder();

function setup(change: Partial<CommandOptions> = {}) {
  const { launcher, clock } = bench();
  const signal = new AbortController().signal;
  const options: CommandOptions = { launcher, clock, signal, deadlineMs: 5000, maxBytes: 1 << 20, ...change };
  const run = (program: Program, args: string[]) => runCommand({ name: "test", program, args }, options);
  return { launcher, clock, run };
}

Deno.test("runCommand: returns output, stderr and exit code", async () => {
  const { run, launcher } = setup();
  const done = await run("cat", ["/proc/self/comm"]);
  assertEquals([decoder.decode(done.stdout), done.code, done.stderr], ["cat\n", 0, []]);
  const failed = await run("cat", ["/not/there"]);
  assertEquals([failed.stdout.length, failed.code], [0, 1]);
  assertEquals(failed.stderr, ["cat: /not/there: No such file or directory"]);
  await assertNothingRuns(launcher);
});

Deno.test("runCommand: pipes the input in and closes it, also one that is larger than a pipe", async () => {
  const input = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  const { run, launcher } = setup({ input });
  assertEquals((await run("cat", [])).stdout, input);
  await assertNothingRuns(launcher);
});

Deno.test("runCommand: past the deadline the process is ended and the error says timeout", async () => {
  const { run, clock, launcher } = setup({ deadlineMs: 3000 });
  const failed = assertRejects(
    () => run("ffmpeg", ["-f", "lavfi", "-i", "nullsrc", "-re", "-f", "null", "-"]),
    HubError,
  );
  const [child] = launcher.living;
  await clock.advance(2999);
  assert(child && await isAlive(child.pid));
  await clock.advance(1);
  const error = await failed;
  assertEquals([error.kind, error.message], ["timeout", "ffmpeg gave no answer in 3 s"]);
  await assertNothingRuns(launcher, [child.pid]);
});

Deno.test("runCommand: more output than allowed ends the process", async () => {
  const { run, launcher } = setup({ maxBytes: 100_000 });
  const error = await assertRejects(() => run("cat", ["/dev/zero"]), HubError);
  assertEquals([error.kind, error.message], ["internal", "A program printed more than 100000 bytes"]);
  await assertNothingRuns(launcher);
});

Deno.test("runCommand: an abort ends the process and is told as an abort", async () => {
  const stop = new AbortController();
  const { run, launcher } = setup({ signal: stop.signal, input: new Uint8Array(0) });
  const failed = assertRejects(() => run("ffmpeg", drawingArgs()), DOMException);
  const [child] = launcher.living;
  stop.abort();
  assert(isAbort(await failed));
  await assertNothingRuns(launcher, [child?.pid ?? 0]);
  assert(isAbort(await assertRejects(() => run("cat", ["/dev/zero"]), DOMException)));
  await assertNothingRuns(launcher);
});

Deno.test("runCommand: a program that is missing is unavailable, with what to install", async () => {
  const { run } = setup();
  const error = await assertRejects(() => run("libcamera-hello", ["--list-cameras"]), HubError);
  assertEquals([error.kind, error.details?.program], ["unavailable", "libcamera-hello"]);
});

Deno.test("missingTools: finds what is installed, and names what is not", async () => {
  const { launcher, clock } = bench();
  const context = { launcher, clock, signal: new AbortController().signal };
  assertEquals(await missingTools(context), []);
  const folder = await Deno.makeTempDir();
  const path = Deno.env.get("PATH") ?? "";
  try {
    for (const tool of ["setpriv", "kill"]) await Deno.symlink(`/usr/bin/${tool}`, `${folder}/${tool}`);
    Deno.env.set("PATH", folder);
    const missing = await missingTools(context);
    assertEquals(missing.map((error) => error.details?.program), ["ffmpeg", "v4l2-ctl"]);
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(folder, { recursive: true });
  }
});

async function tail(chunks: string[]): Promise<readonly string[]> {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const lines = new StderrTail(ReadableStream.from(bytes) as ReadableStream<Uint8Array>);
  await lines.ended;
  return lines.lines;
}

/** 496 characters, of which a hundred are blanked. */
const LONG = `rtsp://u:${"p".repeat(101)}@h/?x=${"x".repeat(380)}`;
const TAILS: [string, string[], string[]][] = [
  ["lines over chunks", ["on", "e\ntw", "o\n"], ["one", "two"]],
  ["an open last line", ["one\ntwo"], ["one", "two"]],
  ["carriage returns, as of progress lines", ["a\rb\r\nc\n"], ["a", "b", "c"]],
  ["empty lines left out", ["\n\n a \n\n"], [" a "]],
  ["credentials blanked, also over chunks", ["rtsp://u:hun", "ter2@h/x\n"], ["rtsp://***@h/x"]],
  ["credentials blanked in an open line", ["rtsp://u:hunter2@h/x"], ["rtsp://***@h/x"]],
  ["nothing", [], []],
  [
    "credentials blanked in a long line whose pieces end between their name and value",
    [`${LONG}&token`, "=hunter2\n"],
    [`rtsp://***@h/?x=${"x".repeat(380)}&token=***`],
  ],
];
for (const [name, chunks, expected] of TAILS) {
  Deno.test(`StderrTail: ${name}`, async () => assertEquals(await tail(chunks), expected));
}

Deno.test("StderrTail: keeps the last twenty lines, each cut at 500 characters", async () => {
  const lines = await tail(Array.from({ length: 100 }, (_, i) => `${i} ${"x".repeat(2000)}\n`));
  assertEquals([lines.length, lines[0]?.slice(0, 3), lines.at(-1)?.slice(0, 3)], [20, "80 ", "99 "]);
  for (const line of lines) assertEquals(line.length, 500);
});

Deno.test("StderrTail: a flood without a line break stays bounded", async () => {
  const lines = await tail(Array.from({ length: 200 }, () => "x".repeat(10_000)));
  assertEquals(lines.map((line) => line.length), [500]);
});

Deno.test("parseUsage: reads CPU time and memory, also of a program whose name holds brackets and blanks", () => {
  const stat = (pid: number, name: string) =>
    `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194304 9 0 0 0 250 50 7 7 20 0 1 0 100 9999 42\n`;
  const status = (kb: number) => `Name:\tx\nVmPeak:\t  9999 kB\nVmRSS:\t  ${kb} kB\nThreads:\t1\n`;
  const text = stat(10, "ffmpeg") + status(2048) + stat(11, "a) S (b c") + status(1) + stat(12, "gone");
  assertEquals([...parseUsage(text)], [
    [10, { cpuSeconds: 3, rssBytes: 2048 * 1024 }],
    [11, { cpuSeconds: 3, rssBytes: 1024 }],
    [12, { cpuSeconds: 3 }],
  ]);
  assertEquals(parseUsage("").size, 0);
});

Deno.test("readUsage: tells figures of each child that runs", async () => {
  const { launcher, clock } = bench();
  const { signal } = new AbortController();
  assertEquals(await readUsage(launcher, clock, signal), []);
  const child = launcher.spawn({ name: "camera x", program: "ffmpeg", args: drawingArgs() });
  const reader = child.stdout.getReader();
  await reader.read();
  const [usage, ...others] = await readUsage(launcher, clock, signal);
  assertEquals([usage?.name, usage?.program, usage?.pid, others.length], [
    "camera x",
    "ffmpeg",
    child.pid,
    0,
  ]);
  assert((usage?.rssBytes ?? 0) > 1_000_000 && (usage?.cpuSeconds ?? -1) >= 0);
  await child.stop();
  await reader.cancel();
});
