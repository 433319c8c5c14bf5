// Opening a Tapo camera on batteries: one that is known to have some is not knocked at every few seconds.
import type { Clock } from "../../base/clock.ts";
import { HubError, isAbort } from "../../base/errors.ts";
import type { Capabilities } from "../../devices/device.ts";
import type { CameraContext } from "../../devices/driver.ts";
import { assertReachable, type Target } from "../../devices/reachable.ts";

/** Between two tries to open one that does not answer. */
const KNOCK_EVERY_MS = 10 * 60_000;
const POWER = "power";

/** When cameras on batteries that did not answer may be tried again, on the clock that does not jump. */
class NextKnocks {
  readonly atMs = new Map<string, number>();
}

/** Remembers whether the device runs on a battery. */
export async function noteBattery(
  device: string,
  isOnBattery: boolean,
  { memory }: Pick<CameraContext, "memory">,
): Promise<void> {
  const noted = await memory.read(device, POWER);
  const now = isOnBattery ? "battery" : undefined;
  if (noted !== now) await memory.write(device, POWER, now);
}

/**
 * Looks whether the device is there; one with a battery once in ten minutes, or when a person asks.
 * @throws HubError `unavailable`, for a battery with the time of the next try; AbortError.
 */
export async function assertPresent(
  target: Target,
  { device, isChild }: { device: string; isChild: boolean },
  { memory, clock, shared, isAsked }: CameraContext,
  signal: AbortSignal,
): Promise<void> {
  const isOnBattery = !isChild && await memory.read(device, POWER) === "battery";
  if (!isOnBattery) return await assertReachable(target, signal);
  const { atMs } = shared.get(NextKnocks);
  const nextMs = atMs.get(device) ?? -Infinity;
  if (!isAsked && nextMs > clock.monotonic()) throw asleep(nextMs, clock);
  try {
    await assertReachable(target, signal);
    atMs.delete(device);
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    atMs.set(device, clock.monotonic() + KNOCK_EVERY_MS);
    throw asleep(clock.monotonic() + KNOCK_EVERY_MS, clock);
  }
}

function asleep(nextMs: number, clock: Clock): HubError {
  return new HubError("unavailable", "The camera runs on a battery and does not answer: it may be asleep", {
    hint: "Wake it, by walking past it perhaps, and try again; else it is tried in some minutes",
    retryAtMs: clock.now() + nextMs - clock.monotonic(),
  });
}

/** Asks for all that is shown while the camera is awake anyway: later it is told from memory. */
export async function lookOnce(
  { settings, privacy, led, motion, presets, storage, power }: Capabilities,
  signal: AbortSignal,
): Promise<void> {
  // What it does not answer is told where it is looked at.
  await Promise.allSettled([
    settings?.list(signal),
    privacy?.read(signal),
    led?.read(signal),
    motion?.read(signal),
    presets?.list(signal),
    storage?.media(signal),
    power?.read(signal),
  ]);
  signal.throwIfAborted();
}
