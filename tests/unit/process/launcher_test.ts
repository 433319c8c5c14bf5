// Launcher with real processes: they start with a clean environment, end when told to, and leave nothing behind.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { explainLaunchFailure, missingProgram, type ProcessExit } from "../../../src/process/launcher.ts";
import { assertNothingRuns, bench, drawingArgs, isAlive, until } from "../tools/processes.ts";

async function text(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

Deno.test("Launcher: gives output and exit code of a process that ends by itself, and forgets it", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: ["/proc/self/comm"] });
  assertEquals(launcher.living.map(({ pid, name, program }) => ({ pid, name, program })), [
    { pid: child.pid, name: "x", program: "cat" },
  ]);
  assertEquals(await text(child.stdout), "cat\n");
  const exit = await child.exited;
  assertEquals([exit.code, exit.signal, exit.stderr], [0, undefined, []]);
  await assertNothingRuns(launcher, [child.pid]);
});

Deno.test("Launcher: a failing process tells its code and its last lines", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: ["/not/there"] });
  await child.stdout.cancel();
  const exit = await child.exited;
  assertEquals([exit.code, exit.stderr], [1, ["cat: /not/there: No such file or directory"]]);
  assertEquals(explainLaunchFailure("cat", exit), undefined);
});

Deno.test("Launcher: credentials in a process's stderr are blanked", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: ["rtsp://u:hunter2@h/x"] });
  await child.stdout.cancel();
  assertEquals((await child.exited).stderr, ["cat: 'rtsp://***@h/x': No such file or directory"]);
});

Deno.test("Launcher: the environment holds PATH and LC_ALL only", async () => {
  Deno.env.set("TAPOCAM_TEST_SECRET", "hunter2");
  try {
    const { launcher } = bench();
    const child = launcher.spawn({ name: "x", program: "cat", args: ["/proc/self/environ"] });
    const names = (await text(child.stdout)).split("\0").filter(Boolean).map((pair) => pair.split("=")[0]);
    await child.exited;
    assertEquals(names.sort(), ["LC_ALL", "PATH"]);
  } finally {
    Deno.env.delete("TAPOCAM_TEST_SECRET");
  }
});

Deno.test("Launcher: a process leads a group of its own and dies with the hub's thread", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: ["/proc/self/stat"] });
  const fields = (await text(child.stdout)).replace(/^.*\) /, "").split(" ");
  assertEquals(Number(fields[2]), child.pid);
  await child.exited;
});

Deno.test("Launcher: stop ends a running process by SIGTERM, at once and for every caller", async () => {
  const { launcher, clock } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: [], stdin: "piped" });
  assert(await isAlive(child.pid));
  const [first, second] = await Promise.all([child.stop(), child.stop()]);
  assertEquals([first.signal, second.signal], ["SIGTERM", "SIGTERM"]);
  assertEquals((await child.stop()).signal, "SIGTERM");
  await child.stdout.cancel();
  await child.stdin?.abort();
  await assertNothingRuns(launcher, [child.pid]);
  assert(clock.sleeping <= 1, `${clock.sleeping} sleeps are left`);
});

Deno.test("Launcher: a process that does not heed SIGTERM is killed after the deadline", async () => {
  const { launcher, clock } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: [], stdin: "piped" });
  await until(() => Deno.readTextFileSync(`/proc/${child.pid}/comm`) === "cat\n", "cat to have started");
  Deno.kill(child.pid, "SIGSTOP");
  const stat = () => Deno.readTextFileSync(`/proc/${child.pid}/stat`);
  await until(() => / T /.test(stat()), "the process to stand still");
  const stopping = child.stop();
  await clock.advance(1999);
  assert(await isAlive(child.pid));
  await clock.advance(1);
  assertEquals((await stopping).signal, "SIGKILL");
  await child.stdout.cancel();
  await child.stdin?.abort();
  await assertNothingRuns(launcher, [child.pid]);
});

Deno.test("Launcher: ffmpeg ends by itself on SIGTERM and its group is gone", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "ffmpeg", args: drawingArgs() });
  const reader = child.stdout.getReader();
  assertEquals((await reader.read()).done, false);
  const exit = await child.stop();
  assertEquals([exit.code, exit.signal], [255, undefined]);
  await reader.cancel();
  await assertNothingRuns(launcher, [child.pid]);
});

Deno.test("Launcher: stopAll ends every process", async () => {
  const { launcher } = bench();
  const children = [1, 2, 3].map((n) =>
    launcher.spawn({ name: `${n}`, program: "cat", args: [], stdin: "piped" })
  );
  assertEquals(launcher.living.length, 3);
  await launcher.stopAll();
  for (const child of children) {
    await child.stdout.cancel();
    await child.stdin?.abort();
  }
  await assertNothingRuns(launcher, children.map((child) => child.pid));
});

Deno.test("Launcher: a program that is not installed ends with an exit that says so", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "libcamera-vid", args: [] });
  await child.stdout.cancel();
  const error = explainLaunchFailure("libcamera-vid", await child.exited);
  assertEquals([error?.kind, error?.details], ["unavailable", { program: "libcamera-vid" }]);
  assertStringIncludes(error?.message ?? "", "libcamera-vid is not installed");
});

Deno.test("Launcher: without PATH nothing can be started, and the error names the package", () => {
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", "/not/there");
  try {
    const { launcher } = bench();
    let error: unknown;
    try {
      launcher.spawn({ name: "x", program: "cat", args: [] });
    } catch (thrown) {
      error = thrown;
    }
    assert(error instanceof HubError);
    assertEquals([error.kind, error.hint], ["unavailable", "Install it with: sudo apt install util-linux"]);
  } finally {
    Deno.env.set("PATH", path);
  }
});

const PACKAGES: [string, string][] = [
  ["ffmpeg", "ffmpeg"],
  ["v4l2-ctl", "v4l-utils"],
  ["rpicam-vid", "rpicam-apps"],
  ["cat", "cat"],
];
for (const [program, debianPackage] of PACKAGES) {
  Deno.test(`missingProgram: ${program} is in the package ${debianPackage}`, () => {
    assertEquals(missingProgram(program).hint, `Install it with: sudo apt install ${debianPackage}`);
  });
}

const EXITS: [string, Partial<ProcessExit>, string | undefined][] = [
  [
    "not found",
    { code: 127, stderr: ["setpriv: failed to execute ffmpeg: No such file or directory"] },
    "is not installed",
  ],
  [
    "not executable",
    { code: 126, stderr: ["setpriv: failed to execute ffmpeg: Permission denied"] },
    "could not be started",
  ],
  ["its own 127", { code: 127, stderr: ["ffmpeg: odd"] }, undefined],
  ["failed", { code: 1, stderr: ["setpriv: x"] }, undefined],
  ["silent 127", { code: 127, stderr: [] }, undefined],
];
for (const [name, exit, message] of EXITS) {
  Deno.test(`explainLaunchFailure: ${name} is ${message ?? "no launch failure"}`, () => {
    const error = explainLaunchFailure("ffmpeg", { code: 0, signal: undefined, stderr: [], ...exit });
    assertEquals(error?.message.includes(message ?? "-") ?? false, message !== undefined);
  });
}
