// Checks on a webcam whose firmware or cable spoils its pictures, or which stops sending them.
import { webcam } from "./guest.ts";
import type { HubClient } from "./hub_client.ts";
import { readJpeg } from "./jpeg.ts";
import type { Part } from "./multipart.ts";
import { FIRST_FRAME_MS } from "./picture_checks.ts";
import { ensureEqual, eventually, note, type Tap } from "./tap.ts";

export async function damaged(tap: Tap, client: HubClient, id: string): Promise<void> {
  await tap.check("half, garbled and padded pictures do not reach viewers as broken ones", async () => {
    const damages: [string, string][] = [
      ["frames/half?count=5", "frames/none"],
      ["frames/garbage?count=5", "frames/none"],
      ["padding/700", "padding/0"],
    ];
    for (const [order, undo] of damages) {
      const parts: Part[] = [];
      for await (const part of client.stream(id, AbortSignal.timeout(FIRST_FRAME_MS))) {
        parts.push(part);
        if (parts.length === 3) await webcam(order);
        if (parts.length === 25) break;
      }
      await webcam(undo);
      ensureEqual(parts.length, 25, `the number of frames served with ${order}`);
      const broken = parts.filter(({ body }) => !readJpeg(body).whole);
      ensureEqual(broken.length, 0, `the number of broken frames served with ${order}`);
    }
    note(`the hub says: ${JSON.stringify((await client.camera(id)).stream)}`);
  });

  await tap.check(
    "a webcam that sends nothing any more is told, and streams again when it does",
    async () => {
      const leave = new AbortController();
      let frames = 0;
      const watching = (async () => {
        for await (const _ of client.stream(id, leave.signal)) frames++;
      })().catch((error) =>
        leave.signal.aborted ? undefined : note(`the viewer's connection: ${error.message}`)
      );
      try {
        await eventually("a running stream", FIRST_FRAME_MS, () => Promise.resolve(frames >= 5 || undefined));
        await webcam("frames/missing");
        const { value, ms } = await eventually("a status that tells it", FIRST_FRAME_MS, async () => {
          const camera = await client.camera(id);
          return camera.status === "online" ? undefined : camera;
        });
        note(`${value.status} after ${ms} ms: ${value.reason} / ${value.hint}`);
        await webcam("frames/none");
        const before = frames;
        const back = await eventually("the next frame", FIRST_FRAME_MS, () => {
          return Promise.resolve(frames > before || undefined);
        });
        note(`frames again after ${back.ms} ms`);
      } finally {
        await webcam("frames/none");
        leave.abort();
        await watching;
      }
    },
  );
}
