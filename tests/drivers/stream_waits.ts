// Waiting for what becomes of a stream that is read from an emulated camera.
import { assertEquals } from "@std/assert";
import type { StreamState } from "../../src/media/on_demand.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { until } from "../unit/tools/processes.ts";
import { Opened, stage } from "./stage.ts";
import { Reading } from "./whole_camera.ts";

/** What reads the camera itself. */
function device({ lane }: Reading) {
  return lane.video?.framing === "mp4" ? lane.packets : lane.frames;
}

/** How the reading of the camera stands. */
export function stateOf(reading: Reading): StreamState {
  return device(reading).state;
}

/** Waits until the stream has failed; returns its state. */
export async function failed(reading: Reading) {
  await until(() => stateOf(reading).state === "waiting", "a failure");
  const state = stateOf(reading);
  if (state.state !== "waiting") throw new Error("It runs again");
  return state;
}

/** Moves the clock on until the stream stands so: over the waits, and over the silence of one that hangs. */
export async function becomes(reading: Reading, state: "running" | "waiting"): Promise<void> {
  const { clock } = reading;
  for (let step = 0; step < 400 && stateOf(reading).state !== state; step++) {
    const now = stateOf(reading);
    if (state === "waiting") await clock.advance(500);
    else if (now.state === "waiting") {
      await clock.advance(Math.max(0, (now.nextTryAtMs ?? 0) - clock.now()) + 1);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assertEquals(stateOf(reading).state, state);
}

/** Waits for a first packet or picture in real time. */
export function running(reading: Reading): Promise<void> {
  return until(() => stateOf(reading).state === "running", "a picture");
}

/** Reads pictures of an address while the work lasts. */
export async function withPictures(
  options: Record<string, unknown>,
  work: (reading: Reading) => Promise<void>,
): Promise<void> {
  await using opened = await Opened.open(rtspDriver, options, stage());
  await using reading = new Reading(opened.can("video"));
  const letGo = reading.lane.frames.acquire();
  await work(reading);
  letGo();
}
