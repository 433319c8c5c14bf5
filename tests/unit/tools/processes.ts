// What tests with real processes need: a launcher on a clock moved by hand, and patience with the machine.
import { assert } from "@std/assert";
import { Launcher } from "../../../src/process/launcher.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

/** A launcher whose deadlines pass only when the test says so. */
export function bench() {
  const clock = new FakeClock();
  const launcher = new Launcher({ clock });
  return { clock, launcher };
}

/** Waits until a real process has done something. Looks every few milliseconds and gives up after half a minute. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = "the condition",
): Promise<void> {
  for (let look = 0; look < 3000; look++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** True while the kernel knows the process (a zombie counts as gone). */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/^\d+ \(.*\) Z/s.test(stat);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // The process ended between opening and reading.
    if (error instanceof Error && /os error 3\b/.test(error.message)) return false;
    throw error;
  }
}

/** Fails when the launcher still has a child, or one of the process ids lives. */
export async function assertNothingRuns(launcher: Launcher, pids: readonly number[] = []): Promise<void> {
  assert(launcher.living.length === 0, `still living: ${launcher.living.map((child) => child.name)}`);
  for (const pid of pids) assert(!await isAlive(pid), `process ${pid} lives`);
}

/** Arguments with which ffmpeg draws small pictures without end, as fast or as slow as wanted. */
export function drawingArgs(fps = 25): string[] {
  const source = `testsrc2=size=96x64:rate=${fps}`;
  return ["-loglevel", "error", "-nostdin", "-re", "-f", "lavfi", "-i", source, "-c:v", "mjpeg", "-q:v", "8"]
    .concat(["-f", "mpjpeg", "-flush_packets", "1", "pipe:1"]);
}
