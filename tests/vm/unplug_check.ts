// The check that an unplugged and replugged webcam is told and healed, with a viewer watching all the time.
import { captureLink, plug, processes, webcam } from "./guest.ts";
import type { HubClient } from "./hub_client.ts";
import { readJpeg } from "./jpeg.ts";
import { FIRST_FRAME_MS } from "./picture_checks.ts";
import { ensure, eventually, note, type Tap } from "./tap.ts";

// An emulated processor is some twenty times slower than a real one; the figures measured are printed.
const OFFLINE_LIMIT_MS = 10_000;
const REPLUG_LIMIT_MS = 30_000;

export async function unplugged(tap: Tap, client: HubClient, id: string): Promise<void> {
  // One viewer stays through it all, as a browser's page does.
  const frames: number[] = [];
  const viewer = { ended: undefined as string | undefined };
  const leave = new AbortController();
  const watching = (async () => {
    try {
      for await (const part of client.stream(id, leave.signal)) {
        ensure(readJpeg(part.body).whole, "a viewer was served a broken picture");
        frames.push(part.receivedAt);
      }
      viewer.ended = "ended cleanly";
    } catch (error) {
      if (!leave.signal.aborted) viewer.ended = `broke: ${(error as Error).message}`;
    }
  })();

  await tap.check("an unplugged webcam is offline with a reason, soon", async () => {
    await eventually(
      "a running stream",
      FIRST_FRAME_MS,
      () => Promise.resolve(frames.length >= 10 || undefined),
    );
    await webcam("yank");
    const { value, ms } = await eventually("the status offline", OFFLINE_LIMIT_MS, async () => {
      const camera = await client.camera(id);
      return camera.status === "offline" ? camera : undefined;
    });
    note(`offline ${ms} ms after the cable was pulled: ${value.reason} / ${value.hint}`);
    ensure((value.reason ?? "") !== "", "there is no reason");
    ensure(
      /unplug|gone|not connected|disconnect|removed|missing/i.test(`${value.reason} ${value.hint}`),
      "the reason does not say so",
    );
    ensure(await captureLink() === undefined, "the device is still there");
    await eventually(
      "the end of ffmpeg",
      5_000,
      async () => (await processes("ffmpeg")).length === 0 || undefined,
    );
  });

  await tap.check("the replugged webcam streams again without a restart", async () => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = frames.length;
    const began = performance.now();
    await plug();
    const linked = Math.round(performance.now() - began);
    const online = await eventually("the status online", REPLUG_LIMIT_MS, async () => {
      const camera = await client.camera(id);
      return camera.status === "online" ? camera : undefined;
    });
    if (viewer.ended === undefined) {
      const { ms } = await eventually("a frame for the old viewer", REPLUG_LIMIT_MS, () => {
        return Promise.resolve(frames.length > before || undefined);
      });
      note(
        `device back after ${linked} ms, online ${online.ms} ms and first frame ${
          online.ms + ms
        } ms after that`,
      );
      note("the viewer's connection survived");
    } else {
      const parts = await client.frames(id, 1, REPLUG_LIMIT_MS);
      note(
        `device back after ${linked} ms, first frame for a new viewer ${
          Math.round(parts[0]!.receivedAt - began)
        } ms after plugging`,
      );
      note(`the viewer's connection ${viewer.ended}`);
      ensure(!viewer.ended.startsWith("broke"), `the viewer's connection ${viewer.ended}`);
    }
  });
  leave.abort();
  await watching;
}
