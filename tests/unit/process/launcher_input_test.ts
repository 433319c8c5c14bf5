// What a process is given on its stdin from the start: it arrives whole, ends, and can be seen nowhere else.
import { assert, assertEquals } from "@std/assert";
import { Secret } from "../../../src/base/secret.ts";
import { runCommand } from "../../../src/process/command.ts";
import type { ProcessSpec } from "../../../src/process/launcher.ts";
import { assertNothingRuns, bench, until } from "../tools/processes.ts";

const spec = (input: string, change: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name: "x",
  program: "cat",
  args: [],
  input: new Secret(input),
  ...change,
});

const TEXTS: [string, string][] = [
  ["a line", "file 'rtsp://u:hunter2@h/x'\n"],
  ["nothing", ""],
  ["any letters", "ü€😀\u0000\r\n\t'\"\\"],
  ["more than a pipe holds", "x".repeat(300_000)],
];
for (const [name, text] of TEXTS) {
  Deno.test(`Launcher: input of ${name} arrives whole, and stdin is closed behind it`, async () => {
    const { launcher } = bench();
    const child = launcher.spawn(spec(text));
    assertEquals(child.stdin, undefined);
    assertEquals(await new Response(child.stdout).text(), text);
    assertEquals((await child.exited).code, 0);
    await assertNothingRuns(launcher, [child.pid]);
  });
}

Deno.test("Launcher: input stands in no argument and no environment that others could read", async () => {
  const { launcher } = bench();
  const text = "hunter2 ".repeat(50_000);
  // It cannot end before its output is read, so there is time to look.
  const child = launcher.spawn(spec(text));
  const files = ["cmdline", "environ", "comm", "status"];
  const seen = await Promise.all(
    files.map((file) => Deno.readTextFile(`/proc/${child.pid}/${file}`)),
  );
  assert(seen[0]?.includes("cat"));
  assert(!seen.join().includes("hunter2"));
  assert(!Deno.inspect(spec("hunter2")).includes("hunter2"));
  assert(!JSON.stringify(spec("hunter2")).includes("hunter2"));
  assertEquals(await new Response(child.stdout).text(), text);
  await child.exited;
});

Deno.test("Launcher: a process that does not read its input ends as it would, and stopping it is no fault", async () => {
  const { launcher } = bench();
  const deaf = launcher.spawn(spec("x".repeat(300_000), { args: ["/dev/null"] }));
  await deaf.stdout.cancel();
  assertEquals((await deaf.exited).code, 0);
  const stuck = launcher.spawn(spec("x".repeat(300_000)));
  await until(() => Deno.readTextFileSync(`/proc/${stuck.pid}/comm`) === "cat\n", "cat to have started");
  assertEquals((await stuck.stop()).signal, "SIGTERM");
  await stuck.stdout.cancel();
  const missing = launcher.spawn(spec("x".repeat(300_000), { program: "libcamera-vid" }));
  await missing.stdout.cancel();
  assertEquals((await missing.exited).code, 127);
  await assertNothingRuns(launcher, [deaf.pid, stuck.pid]);
});

Deno.test("Launcher: without input nothing can be read", async () => {
  const { launcher } = bench();
  const child = launcher.spawn({ name: "x", program: "cat", args: [] });
  assertEquals(await new Response(child.stdout).text(), "");
  await child.exited;
});

Deno.test("runCommand: passes a secret input on", async () => {
  const { launcher, clock } = bench();
  const options = {
    launcher,
    clock,
    signal: new AbortController().signal,
    deadlineMs: 10_000,
    maxBytes: 1000,
  };
  const { stdout } = await runCommand(spec("hunter2"), options);
  assertEquals(new TextDecoder().decode(stdout), "hunter2");
});
