// What can go wrong around the hub: signals, disks, ports, programs, configuration.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HubProcess, processesWith } from "../tools/hub_process.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}]";

async function ffmpegPid(hub: HubProcess): Promise<number> {
  return (await hub.client.json("/api/status")).processes.find((each: { name: string }) =>
    each.name === "camera a"
  )?.pid;
}

Deno.test("[FAULT-HUB-KILLED] when the hub is killed with SIGKILL, no ffmpeg survives", async () => {
  const hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const watching = hub.client.parts("/api/cameras/a/stream", 1000).catch(() => "cut");
  await hub.waitFor(async () => await ffmpegPid(hub) !== undefined);
  const pid = await ffmpegPid(hub);
  // A process that is stopped cannot notice a closed pipe: only the kernel can end it.
  Deno.kill(pid, "SIGSTOP");
  hub.child.kill("SIGKILL");
  await hub.ended();
  assertEquals(await watching, "cut");
  await hub.waitFor(
    async () => !(await processesWith("testsrc2=size=320x180")).includes(pid),
    "ffmpeg to die",
  );
});

Deno.test("[FAULT-FFMPEG-KILLED] ffmpeg killed 50 times in a row: the same viewer goes on, nothing is left behind", async () => {
  const config = `streams: {retry_first_s: 0.1, retry_max_s: 0.5}\n${PATTERN}`;
  await using hub = await HubProcess.start({ config });
  await hub.login();
  const leave = new AbortController();
  const response = await hub.client.fetch("/api/cameras/a/stream", { signal: leave.signal });
  const draining = (async () => {
    for await (const _ of response.body ?? []);
  })().catch(() => {/* left on purpose below */});
  let before = 0;
  for (let time = 0; time < 50; time++) {
    await hub.waitFor(async () => {
      const pid = await ffmpegPid(hub);
      return pid !== undefined && pid !== before;
    });
    before = await ffmpegPid(hub);
    Deno.kill(before, "SIGKILL");
  }
  // The last kill may not have been noticed yet.
  await hub.waitFor(async () => {
    const { stream } = await hub.client.json("/api/cameras/a");
    return stream.running && stream.restarts_total >= 50;
  }, "the fiftieth restart");
  const { stream, status } = await hub.client.json("/api/cameras/a");
  assertEquals([stream.viewers, status], [1, "online"]);
  leave.abort();
  await draining;
  const zombies = await new Deno.Command("ps", { args: ["-o", "stat=", "--ppid", String(hub.child.pid)] })
    .output();
  assert(!new TextDecoder().decode(zombies.stdout).includes("Z"), "no zombie");
});

Deno.test("[FAULT-STALL] an ffmpeg that goes silent is noticed, explained and replaced", async () => {
  const config = `streams: {stall_timeout_s: 1, retry_first_s: 2}\n${PATTERN}`;
  await using hub = await HubProcess.start({ config });
  await hub.login();
  const watching = hub.client.parts("/api/cameras/a/stream", 60);
  await hub.waitFor(async () => (await hub.client.json("/api/cameras/a")).stream.running);
  const pid = await ffmpegPid(hub);
  Deno.kill(pid, "SIGSTOP");
  await hub.waitFor(async () => (await hub.client.json("/api/cameras/a")).status === "offline");
  assertMatch((await hub.client.json("/api/cameras/a")).reason, /No picture came/);
  assert((await hub.client.json("/api/cameras/a")).next_try_at);
  assertEquals((await watching).length, 60);
  assertEquals(
    (await processesWith("testsrc2=size=320x180")).includes(pid),
    false,
    "the stopped one is gone",
  );
});

Deno.test("[FAULT-PORT] a port in use is told with what to do; the exit code is 1", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const { port } = new URL(hub.client.origin);
  const second = await HubProcess.launch({ config: PATTERN, args: ["--port", port] });
  assertEquals(await second.ended(), 1);
  assertMatch(second.text, new RegExp(`Port ${port} on 127.0.0.1 is already in use`));
  assertMatch(second.text, /--port/);
  await second[Symbol.asyncDispose]();
});

Deno.test("[FAULT-NO-FFMPEG] without ffmpeg the hub serves, warns, and each camera says what to install", async () => {
  const bin = await Deno.makeTempDir();
  for (const tool of ["setpriv", "cat", "kill"]) await Deno.symlink(`/usr/bin/${tool}`, `${bin}/${tool}`);
  await using hub = await HubProcess.start({ config: PATTERN, env: { PATH: bin } });
  await hub.login();
  await hub.waitFor(async () => (await hub.client.json("/api/status")).warnings.length > 0);
  const answer = await hub.client.send("GET", "/api/cameras/a/stream");
  assertEquals(answer.status, 503);
  assertMatch(answer.body.message, /ffmpeg is not installed/);
  assertMatch(answer.body.recovery_options[0], /apt install ffmpeg/);
  await Deno.remove(bin, { recursive: true });
});

Deno.test("[FAULT-DISK] on a full disk, and in a folder that may not be written, the hub still shows its cameras", async () => {
  const disk = await Deno.makeTempDir();
  const run = async (...command: string[]) => {
    const { success } = await new Deno.Command(command[0] ?? "", { args: command.slice(1) }).output();
    assert(success, command.join(" "));
  };
  await run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
  try {
    await Deno.writeFile(`${disk}/filler`, new Uint8Array(64 * 1024)).catch(
      () => {/* filled as far as it goes */},
    );
    const hub = await HubProcess.start({ config: PATTERN, args: ["--data", `${disk}/data`] });
    await hub.login();
    assertEquals((await hub.client.parts("/api/cameras/a/stream", 3)).length, 3);
    const status = await hub.client.json("/api/status");
    assertEquals(status.storage.persistent, false);
    assertMatch(
      status.warnings.map((each: { message: string }) => each.message).join(),
      /No space is left|cannot be/,
    );
    assertEquals(await hub.stop(), 0);
    await Deno.remove(hub.dataDir, { recursive: true });
  } finally {
    await run("umount", disk);
    await Deno.remove(disk);
  }
});

Deno.test("[CONFIG-RELOAD] SIGHUP and reload_config take a changed file over without touching what did not change", async () => {
  const config = (more: string) =>
    `streams: {linger_s: 1}\ncameras:\n  - {id: a, type: testpattern, width: 320, height: 180}\n${more}`;
  await using hub = await HubProcess.start({ config: config("  - {id: b, type: testpattern}\n") });
  await hub.login();
  const watching = hub.client.parts("/api/cameras/a/stream", 60);
  await hub.waitFor(async () => await ffmpegPid(hub) !== undefined);
  const pid = await ffmpegPid(hub);
  const path = hub.configPath ?? "";
  await Deno.writeTextFile(path, config("  - {id: c, type: testpattern}\n"));
  hub.child.kill("SIGHUP");
  await hub.waitFor(async () =>
    (await hub.client.json("/api/cameras")).cameras.some((each: { id: string }) => each.id === "c")
  );
  const ids = (await hub.client.json("/api/cameras")).cameras.map((each: { id: string }) => each.id);
  assertEquals(ids.sort(), ["a", "c"]);
  await Deno.writeTextFile(path, config("  - {id: c, type: testpattern, fps: 5}\nserver: {port: 1}\n"));
  const result = await hub.client.operation("reload_config");
  assertEquals([result.changed, result.unchanged, result.added, result.removed], [["c"], ["a"], [], []]);
  await Deno.writeTextFile(path, "cameras: [{id: a, type: testpatern}]");
  const wrong = await hub.client.operation("reload_config");
  assertEquals(wrong.error_code, "invalid_input");
  assertEquals(wrong.details.problems[0].suggestion, "testpattern");
  assertEquals((await hub.client.json("/api/cameras")).total, 2, "the old configuration stays in force");
  assertEquals(await ffmpegPid(hub), pid, "the stream that did not change was not restarted");
  assertEquals((await watching).length, 60);
});

Deno.test("[CLI] --help, --version, config check, users, and clear errors with exit code 2", async () => {
  const run = async (args: string[], config?: string) => {
    const hub = await HubProcess.launch({ args, ...(config === undefined ? {} : { config }) });
    const code = await hub.ended();
    await hub[Symbol.asyncDispose]();
    return { code, text: hub.text };
  };
  assertMatch((await run(["--help"])).text, /Usage:[\s\S]*--metrics-port/);
  assertMatch((await run(["--version"])).text, /^tapo-camera-mcp \d+\.\d+\.\d+/);
  const typo = await run(["--prot", "1"]);
  assertEquals(typo.code, 2);
  assertMatch(typo.text, /did you mean "--port"/);
  const wrong = await run(
    [],
    "cameras:\n  - {id: a, type: testpattern}\n  - {id: a, type: testpattern, fsp: 3}\n",
  );
  assertEquals(wrong.code, 2);
  assertMatch(wrong.text, /line 3: cameras\[1\]\.fsp: Unknown key "fsp".*did you mean "fps"/);
  assertMatch((await run(["config", "check"], PATTERN)).text, /is right: 1 camera\./);
  assertEquals((await run(["config", "check", "/nowhere.yaml"])).code, 2);
  assertMatch((await run(["user", "list"])).text, /No user has a password yet/);
  assertMatch((await run(["user", "link"])).text, /\?token=[\w-]{43}/);
  assertEquals((await run(["user", "remove", "nobody"])).code, 1);
});
