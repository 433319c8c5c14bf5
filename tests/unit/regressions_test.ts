// Faults that a review found; each is proved to stay mended.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/base/clock.ts";
import { HubError } from "../../src/base/errors.ts";
import { Scope } from "../../src/base/scope.ts";
import { redactText } from "../../src/base/secret.ts";
import { Changes } from "../../src/base/changes.ts";
import { Backoff } from "../../src/base/retry.ts";
import { idFromPath } from "../../src/drivers/webcam/driver.ts";
import { FrameStream } from "../../src/media/stream.ts";
import { Launcher } from "../../src/process/launcher.ts";
import { runCommand } from "../../src/process/command.ts";
import { supervise } from "../../src/process/supervisor.ts";
import { Access } from "../../src/auth/access.ts";
import { Turns } from "../../src/base/turns.ts";
import { OpenStreams } from "../../src/http/open_streams.ts";
import { Lane } from "../../src/media/lane.ts";
import { SessionSlots } from "../../src/devices/session_slots.ts";
import { AccessTables } from "../../src/store/access_tables.ts";
import { MpjpegSplitter } from "../../src/protocols/mpjpeg/splitter.ts";
import { Database } from "../../src/store/database.ts";
import { openStore } from "../../src/store/open_store.ts";
import { FakeClock } from "../tools/fake_clock.ts";

Deno.test("[SCOPE] a failure leaves a scope as itself, also through await using", async () => {
  const error = await assertRejects(async () => {
    await using scope = new Scope();
    scope.spawn(() => Promise.reject(new HubError("conflict", "boom")));
    await scope.join();
  }, HubError);
  assertEquals([error.kind, error.message], ["conflict", "boom"]);
});

Deno.test("[FAULT-DISK] full disk, missing folder and damaged file are told apart, as Deno reports them", async () => {
  const missing = await assertRejects(() => Database.open("/not/there/hub.sqlite"), HubError);
  assertEquals(missing.kind, "forbidden");
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${dir}/hub.sqlite`,
    "no database at all, but long enough to be read as a page header\n".repeat(40),
  );
  const damaged = await assertRejects(() => openStore(dir), HubError);
  assertStringIncludes(damaged.message, "is damaged");
  assertStringIncludes(damaged.hint ?? "", "aside");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("Database: after close every question is answered, with an error", async () => {
  const database = await Database.open(":memory:");
  await database.close();
  assertEquals((await assertRejects(() => database.all("SELECT 1"), HubError)).kind, "unavailable");
});

Deno.test("[SECRETS] redactText blanks passwords with quotes, and long text takes no time to speak of", () => {
  assertEquals(redactText("rtsp://admin:it's@10.0.0.5/x"), "rtsp://***@10.0.0.5/x");
  assertEquals(redactText('rtsp://a:"@b@cam/x'), "rtsp://***@cam/x");
  const long = "a".repeat(2_000_000);
  assertEquals(redactText(long), long);
});

/** A part as ffmpeg writes it. */
function part(body: Uint8Array, length = body.length): Uint8Array {
  const head = new TextEncoder().encode(
    `--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${length}\r\n\r\n`,
  );
  return concat(head, body, new TextEncoder().encode("\r\n"));
}

function concat(...pieces: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of pieces) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

/** The smallest thing that is taken for a JPEG: size, a table, a scan, an end. */
function tinyJpeg(mark: number): Uint8Array {
  return new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xc4, 0, 2, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 2, mark, 0xff, 0xd9],
  ]);
}

Deno.test("[MPJPEG-RESYNC] a part cut inside the next boundary loses only itself", () => {
  for (let cut = 1; cut < 14; cut++) {
    const marks: number[] = [];
    const splitter = new MpjpegSplitter({ onFrame: ({ bytes }) => marks.push(bytes.at(-3) ?? 0) });
    const whole = tinyJpeg(1);
    splitter.push(
      concat(
        part(whole.slice(0, -cut), whole.length),
        part(tinyJpeg(2)),
        part(tinyJpeg(3)),
        part(tinyJpeg(4)),
      ),
    );
    assertEquals(marks.slice(-3), [2, 3, 4], `cut by ${cut}`);
  }
});

Deno.test("[MPJPEG-RESYNC] parts nested in parts without end are given up in bounded work", () => {
  const total = 512 * 1024;
  const pieces: Uint8Array[] = [];
  let at = 0;
  while (at < total - 100) {
    const head = `--ffmpeg\r\nContent-length: ${String(total - at - 40).padStart(6, "0")}\r\n\r\n`;
    pieces.push(new TextEncoder().encode(head));
    at += head.length;
  }
  const seen: number[] = [];
  const splitter = new MpjpegSplitter({ onFrame: ({ bytes }) => seen.push(bytes.at(-3) ?? 0) });
  splitter.push(concat(...pieces, new Uint8Array(200)));
  assert(splitter.damaged > 0);
  splitter.push(new Uint8Array(total));
  for (let mark = 1; mark < 4; mark++) splitter.push(part(tinyJpeg(mark)));
  assertEquals(seen.at(-1), 3, "and it finds its way back");
});

Deno.test("runCommand: a program that ends before it has read its input is told by its own answer", async () => {
  const launcher = new Launcher({ clock: systemClock });
  const bounds = {
    launcher,
    clock: systemClock,
    signal: new AbortController().signal,
    deadlineMs: 5000,
    maxBytes: 1 << 20,
  };
  const input = new Uint8Array(1 << 20);
  const result = await runCommand({ name: "t", program: "cat", args: ["/proc/self/comm"] }, {
    ...bounds,
    input,
  });
  assertEquals(new TextDecoder().decode(result.stdout), "cat\n");
});

Deno.test("supervise: a listener that throws leaves no process behind", async () => {
  const launcher = new Launcher({ clock: systemClock });
  const stop = new AbortController();
  let starts = 0;
  await supervise(
    {
      spec: () =>
        Promise.resolve({
          name: "t",
          program: "ffmpeg",
          args: ["-f", "lavfi", "-re", "-i", "testsrc", "-f", "null", "-"],
        }),
      onStart: () => {
        if (++starts === 3) stop.abort();
        throw new Error("a fault of the hub's own");
      },
      onOutput: () => true,
      onState: () => {},
      explain: () => new HubError("unavailable", "ended"),
      startTimeoutMs: 1000,
      stallTimeoutMs: 1000,
      backoff: new Backoff({ firstMs: 10, maxMs: 20 }),
      stableMs: 1000,
      wake: new Changes(),
    },
    { launcher, clock: systemClock },
    stop.signal,
  );
  assertEquals([starts, launcher.living.length], [3, 0]);
});

Deno.test("[STREAM-SHARED] a stream that keeps failing is given up when nobody watches any more", async () => {
  const clock = new FakeClock();
  const tuning = {
    lingerMs: 5000,
    startTimeoutMs: 1000,
    stallTimeoutMs: 1000,
    backoff: { firstMs: 500, maxMs: 2000 },
  };
  const stream = new FrameStream({ launcher: new Launcher({ clock: systemClock }), clock, tuning });
  let tries = 0;
  stream.setSource({
    framing: "mpjpeg",
    spec: () => {
      tries++;
      return Promise.reject(new HubError("unavailable", "no"));
    },
    explain: () => new HubError("unavailable", "no"),
  });
  const stop = new AbortController();
  const running = stream.run(stop.signal);
  stream.acquire()();
  await clock.advance(10_000);
  const triesThen = tries;
  assertEquals(stream.state.state, "idle");
  await clock.advance(600_000);
  assertEquals(tries, triesThen);
  stop.abort();
  await running;
});

Deno.test("[STREAM-H264] a silent camera behind a transcoder is noticed and started again", async () => {
  const dir = await Deno.makeTempDir();
  await new Deno.Command("mkfifo", { args: [`${dir}/silent`] }).output();
  // Somebody holds the other end open, so that the reader neither gets bytes nor an end.
  const held = await Deno.open(`${dir}/silent`, { read: true, write: true });
  const launcher = new Launcher({ clock: systemClock });
  const tuning = {
    lingerMs: 0,
    startTimeoutMs: 300,
    stallTimeoutMs: 300,
    backoff: { firstMs: 10, maxMs: 20 },
  };
  const lane = new Lane("cam", { launcher, clock: systemClock, tuning }, new SessionSlots());
  const explain = () => new HubError("unavailable", "ended");
  const spec = () => Promise.resolve({ name: "silent", program: "cat" as const, args: [`${dir}/silent`] });
  lane.setVideo({ codec: "h264", framing: "mp4", spec, explain });
  const stop = new AbortController();
  const running = lane.run(stop.signal);
  lane.frames.acquire();
  while (lane.packets.figures.restartsTotal < 2) await lane.packets.changes.next(stop.signal);
  stop.abort();
  await running;
  assertEquals(launcher.living.length, 0);
  held.close();
  await Deno.remove(dir, { recursive: true });
});

Deno.test("[AUTH-CLOSED] what a session has open is closed when the session is over", async () => {
  const database = await Database.open(":memory:");
  const access = new Access(new AccessTables(database), { clock: new FakeClock(), sessionDays: 30 });
  const login = async () => (await access.redeemLink(await access.createLink(), "192.168.1.5"))?.token ?? "";
  const [ended, kept] = [await login(), await login()];
  const streams = new OpenStreams();
  const closed: string[] = [];
  streams.add(ended, () => closed.push("ended"));
  streams.add(kept, () => closed.push("kept"));
  streams.add(ended, () => closed.push("left before"))();
  await access.logout(ended);
  await streams.check(access);
  assertEquals(closed, ["ended"]);
  await database.close();
});

Deno.test("Turns: so many at once, the others in order, also after a failure", async () => {
  const turns = new Turns(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map((gate, index) =>
    turns.run(async () => {
      begun.push(index);
      await gate.promise;
    }).catch(() => "failed")
  );
  await Promise.resolve();
  assertEquals(begun, [0, 1]);
  gates[1]?.reject(new Error("no"));
  await all[1];
  assertEquals(begun, [0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.all(all);
  assertEquals(begun, [0, 1, 2, 3]);
});

Deno.test("[WEBCAM-FOUND] a name without a Latin letter still gives an id", () => {
  assertEquals(idFromPath("/dev/v4l/by-id/usb-摄像头_摄像头-video-index0"), "webcam");
  assertEquals(idFromPath("/dev/v4l/by-id/usb-摄像头_摄像头-video-index1"), "webcam-1");
});
