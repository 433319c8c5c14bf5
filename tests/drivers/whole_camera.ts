// Cameras as the hub runs them: kept open by `Camera`, read by `Lane`, on a clock that is moved by hand.
import { assert, assertEquals } from "@std/assert";
import { Camera } from "../../src/devices/camera.ts";
import type { Device, Video } from "../../src/devices/device.ts";
import type { Driver } from "../../src/devices/driver.ts";
import type { DeviceMemory } from "../../src/devices/memory.ts";
import { Lane } from "../../src/media/lane.ts";
import { SessionSlots } from "../../src/devices/session_slots.ts";
import type { Logger } from "../../src/base/log.ts";
import { Launcher } from "../../src/process/launcher.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import type { Rig } from "./conformance.ts";
import { forever, stage } from "./stage.ts";

/** A camera that the hub keeps open, on a clock of its own. */
export class Kept implements AsyncDisposable {
  readonly camera: Camera;
  readonly clock: FakeClock;
  readonly log: Logger;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(
    driver: Driver,
    options: Record<string, unknown>,
    { clock = new FakeClock(), memory }: { clock?: FakeClock; memory?: DeviceMemory } = {},
  ) {
    const context = stage({ clock, ...(memory ? { memory } : {}) });
    const spec = { id: "kept", name: "Kept", type: driver.id, enabled: true, origin: "store" } as const;
    // As the configuration hands them over: checked, with the defaults.
    const parsed = driver.options.parse(options) as Record<string, unknown>;
    this.clock = clock;
    this.log = context.log;
    this.camera = new Camera({ ...spec, options: parsed }, driver, context);
    this.#running = this.camera.run(this.#stop.signal);
  }

  /** Waits for a status in real time; the clock stands still. */
  async is(status: string): Promise<void> {
    await until(() => this.camera.status.status === status, status).catch(() => {
      throw new Error(`Waited for ${status}, it is ${JSON.stringify(this.camera.status)}`);
    });
  }

  /** Moves the clock on in steps until it has that status; returns the milliseconds that took. */
  async becomes(status: string, withinMs: number): Promise<number> {
    const beginMs = this.clock.monotonic();
    while (this.camera.status.status !== status) {
      const passedMs = this.clock.monotonic() - beginMs;
      assert(passedMs <= withinMs, `${status} does not come: ${JSON.stringify(this.camera.status)}`);
      await this.clock.advance(250);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    return this.clock.monotonic() - beginMs;
  }

  get device(): Device {
    const { device } = this.camera;
    if (device) return device;
    throw new Error(`The camera is not open: ${JSON.stringify(this.camera.status)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

/** Unplugs a camera (or lets it restart) under the hub, and plugs it in again. */
export async function vanishAndReturn(driver: Driver, rig: Rig): Promise<void> {
  await using kept = new Kept(driver, rig.options);
  await kept.is("online");
  const { reboot } = kept.device.capabilities;
  if (rig.restarts && reboot) {
    await reboot(forever);
    await until(() => rig.restarts?.() === 1, "a restart");
  } else await rig.offline();
  await kept.becomes("offline", 10_000);
  assert(kept.camera.status.reason);
  assertEquals(kept.camera.device, undefined);
  await rig.online();
  await kept.becomes("online", 15_000);
}

/** Waits of streams in tests. */
export const TUNING = {
  lingerMs: 1000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 6000,
  backoff: { firstMs: 500, maxMs: 5000 },
};

/** A video that is read as the hub reads it. */
export class Reading implements AsyncDisposable {
  readonly lane: Lane;
  readonly clock: FakeClock;
  readonly launcher: Launcher;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(
    video: Video,
    {
      slots = new SessionSlots(),
      clock = new FakeClock(),
      launcher = new Launcher({ clock }),
      name = "read",
    }: {
      slots?: SessionSlots;
      clock?: FakeClock;
      launcher?: Launcher;
      name?: string;
    } = {},
  ) {
    this.clock = clock;
    this.launcher = launcher;
    this.lane = new Lane(name, { launcher, clock, tuning: TUNING }, slots);
    this.lane.setVideo(video);
    this.#running = this.lane.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    assertEquals(this.launcher.living.map(({ name }) => name), []);
  }
}

/** Reads the video until a first packet, or picture where the camera sends JPEGs, has come. */
export async function firstPacket({ capabilities: { video } }: Device): Promise<void> {
  assert(video);
  await using reading = new Reading(video);
  const { packets, frames } = reading.lane;
  if (video.framing !== "mp4") {
    const letGo = frames.acquire();
    const { bytes } = await frames.hub.next(0, AbortSignal.timeout(20_000));
    assertEquals(bytes[0], 0xff);
    return letGo();
  }
  const letGo = packets.acquire();
  const batch = await packets.hub.next(0, AbortSignal.timeout(20_000));
  assertEquals([batch.packets[0]?.kind, batch.packets[0]?.isKey], ["video", true]);
  letGo();
}
