// Recordings that do not come to begin, on a clock moved by hand: nothing is left behind, and the reason is told.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import type { Video } from "../../../src/devices/device.ts";
import { SessionSlots } from "../../../src/devices/session_slots.ts";
import { Lane } from "../../../src/media/lane.ts";
import { RecordingFiles } from "../../../src/recordings/files.ts";
import { refusalOf } from "../../../src/recordings/free_space.ts";
import { Recordings, type RecordingsContext } from "../../../src/recordings/recordings.ts";
import { Database } from "../../../src/store/database.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { settle } from "../../tools/fake_clock.ts";
import { bench } from "../tools/processes.ts";

const GIB = 2 ** 30;
const never = new AbortController().signal;
const kindOf = async (action: Promise<unknown>) => (await assertRejects(() => action, HubError)).kind;

/** A camera that is open, but of which no picture ever comes. */
async function withSilence(
  work: (parts: {
    recordings: Recordings;
    clock: ReturnType<typeof bench>["clock"];
    lane: Lane;
    files: RecordingFiles;
    space: { freeBytes: number; totalBytes: number };
  }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const database = await Database.open(":memory:");
  const { clock, launcher } = bench();
  const tuning = {
    lingerMs: 0,
    startTimeoutMs: 1000,
    stallTimeoutMs: 1000,
    backoff: { firstMs: 100, maxMs: 100 },
  };
  const lane = new Lane("cam", { launcher, clock, tuning }, new SessionSlots());
  lane.setVideo({ codec: "h264", framing: "mp4" } as Video);
  const space = { freeBytes: 100 * GIB, totalBytes: 200 * GIB };
  const get = (id: string) => {
    if (id !== "cam") throw new HubError("not_found", `There is no camera "${id}"`);
    return { spec: { enabled: true } };
  };
  const files = new RecordingFiles(root);
  const recordings = new Recordings({
    files,
    table: new RecordingsTable(database),
    manager: { get, find: get, requireSoon: () => Promise.resolve({}), stays: () => true },
    media: { find: () => ({ main: lane }) },
    launcher,
    clock,
    log: new Logger(() => {}, "debug"),
    refusal: () => Promise.resolve(refusalOf(space)),
    encoder: { get: () => Promise.resolve("libx264"), giveUp: () => {} },
    hadEvent: () => false,
  } as unknown as RecordingsContext);
  try {
    await work({ recordings, clock, lane, files, space });
    assertEquals([recordings.cameras, clock.sleeping, lane.packets.consumers], [[], 0, 0]);
    assertEquals(await Array.fromAsync(files.all()), []);
  } finally {
    await database.close();
    await Deno.remove(root, { recursive: true });
  }
}

const WISH = { durationMs: 60_000 };

Deno.test("[REC-REFUSE] Recordings: where no picture comes for half a minute, none begins", () =>
  withSilence(async ({ recordings, clock, lane }) => {
    const starting = kindOf(recordings.start("cam", WISH, never));
    await settle();
    assertEquals([lane.packets.consumers, (await recordings.running("cam"))?.state], [1, "starting"]);
    assertEquals(await kindOf(recordings.start("cam", WISH, never)), "conflict");
    await clock.advance(29_000);
    assertEquals(recordings.cameras, ["cam"]);
    await clock.advance(2000);
    assertEquals(await starting, "timeout");
  }));

Deno.test("Recordings: one that is stopped, or given up, before it has begun", () =>
  withSilence(async ({ recordings }) => {
    const starting = kindOf(recordings.start("cam", WISH, never));
    await settle();
    const { because, parts } = await recordings.stop("cam");
    assertEquals([because, parts.length, await starting], ["stopped", 0, "conflict"]);
    assertEquals(await kindOf(recordings.stop("cam")), "conflict");

    const leave = new AbortController();
    const left = recordings.start("cam", WISH, leave.signal).catch((error) => error.name);
    await settle();
    leave.abort();
    assertEquals(await left, "AbortError");
  }));

Deno.test("Recordings: the end of the hub ends what has not begun, and nothing begins any more", () =>
  withSilence(async ({ recordings }) => {
    const stop = new AbortController();
    const running = recordings.run(stop.signal);
    const starting = kindOf(recordings.start("cam", WISH, never));
    await settle();
    stop.abort();
    await running;
    assertEquals([await starting, recordings.last("cam")?.because], ["conflict", "hub_stopped"]);
    assertEquals(await kindOf(recordings.start("cam", WISH, never)), "unavailable");
  }));

Deno.test("[REC-DISK] Recordings: one twentieth of the disk, and no less than 1 GiB, stays free", () =>
  withSilence(async ({ recordings, space }) => {
    const cases: [freeGib: number, totalGib: number, isRefused: boolean][] = [
      [9.9, 200, true],
      [10.1, 200, false],
      [0.9, 4, true],
      [1.1, 4, false],
    ];
    for (const [free, total, isRefused] of cases) {
      Object.assign(space, { freeBytes: free * GIB, totalBytes: total * GIB });
      const error = await recordings.check("cam", never).then(() => undefined, (failure) => failure);
      assertEquals([free, total, error?.kind], [free, total, isRefused ? "storage_full" : undefined]);
      if (error) assertMatch(error.message, /GiB of the disk are free/);
    }
    assertEquals(await kindOf(recordings.check("other", never)), "not_found");
  }));
