// One group of pictures for all readers: who comes late, who falls behind, and what ends with a process.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isAbort } from "../../../src/base/errors.ts";
import { type PacketBatch, PacketHub } from "../../../src/media/packet_hub.ts";
import type { InitSegment, Track } from "../../../src/protocols/fmp4/init_segment.ts";
import { settle } from "../../tools/fake_clock.ts";

const never = new AbortController().signal;
const track = (id: number, kind: Track["kind"]): Track => ({
  id,
  kind,
  format: "x",
  codec: "x",
  timescale: 1000,
});
const init = (): InitSegment => ({
  bytes: new Uint8Array(10),
  tracks: [track(1, "video"), track(2, "audio"), track(3, "other")],
});

function open() {
  const hub = new PacketHub();
  let atMs = 0;
  const send = (trackId: number, isSync: boolean, bytes = 10) =>
    hub.publish({ trackId, isSync, decodeTime: 0, bytes: new Uint8Array(bytes) }, ++atMs);
  return {
    hub,
    key: (bytes?: number) => send(1, true, bytes),
    picture: (bytes?: number) => send(1, false, bytes),
    sound: () => send(2, true),
    other: () => send(3, true),
    next: (afterSeq: number, signal = never) => hub.next(afterSeq, signal),
  };
}

const seqs = ({ packets }: PacketBatch) => packets.map(({ seq }) => seq);

/** Asks without waiting; undefined when there is nothing yet. */
async function now(asking: Promise<PacketBatch>): Promise<PacketBatch | undefined> {
  let got: PacketBatch | undefined;
  void asking.then((batch) => got = batch);
  await settle();
  return got;
}

Deno.test("PacketHub: numbers packets, tells pictures from the rest, and knows when each came", () => {
  const { hub, key, picture, sound, other } = open();
  hub.begin(init());
  const packets = [key(), sound(), picture(), other()];
  assertEquals(
    packets.map((packet) => packet && [packet.seq, packet.kind, packet.isKey, packet.arrivedAtMs]),
    [
      [1, "video", true, 1],
      [2, "audio", false, 2],
      [3, "video", false, 3],
      [4, "audio", false, 4],
    ],
  );
});

Deno.test("PacketHub: nothing is kept before the first key frame, and nothing at all without a beginning", async () => {
  const { hub, key, picture, sound, next } = open();
  assertEquals(key(), undefined);
  hub.begin(init());
  assertEquals([picture(), sound()], [undefined, undefined]);
  const waiting = next(0);
  assertEquals(key()?.seq, 1);
  assertEquals(seqs(await waiting), [1]);
});

Deno.test("PacketHub: who comes late begins at the newest key frame, with all that followed it", async () => {
  const { hub, key, picture, sound, next } = open();
  const start = init();
  hub.begin(start);
  key();
  picture();
  key();
  sound();
  picture();
  const batch = await next(0);
  assertEquals([seqs(batch), batch.skipped, batch.init === start], [[3, 4, 5], 0, true]);
  assert(batch.packets[0]?.isKey);
});

Deno.test("PacketHub: who keeps up gets each packet once, also several at a time", async () => {
  const { hub, key, picture, sound, next } = open();
  hub.begin(init());
  key();
  assertEquals(seqs(await next(0)), [1]);
  const waiting = next(1);
  picture();
  assertEquals(seqs(await waiting), [2]);
  sound();
  picture();
  const batch = await next(2);
  assertEquals([seqs(batch), batch.skipped], [[3, 4], 0]);
  key();
  assertEquals([seqs(await next(4)), (await next(4)).skipped], [[5], 0]);
});

Deno.test("PacketHub: who is too slow goes on at the key frame, and is told how much was skipped", async () => {
  const { hub, key, picture, next } = open();
  hub.begin(init());
  key();
  for (let count = 0; count < 5; count++) picture();
  key();
  picture();
  const batch = await next(2);
  assertEquals([seqs(batch), batch.skipped, batch.packets[0]?.isKey], [[7, 8], 4, true]);
  key();
  assertEquals((await next(6)).skipped, 2);
});

Deno.test("PacketHub: everybody who waits is woken by one packet and gets the same", async () => {
  const { hub, key, next } = open();
  hub.begin(init());
  const waiting = [next(0), next(0), next(0)];
  key();
  const [one, ...others] = await Promise.all(waiting);
  for (const other of others) assert(other.packets[0] === one?.packets[0]);
});

Deno.test("PacketHub: a batch does not change when more comes", async () => {
  const { hub, key, picture, next } = open();
  hub.begin(init());
  key();
  const batch = await next(0);
  picture();
  assertEquals(seqs(batch), [1]);
});

Deno.test("PacketHub: another beginning is another generation, and old packets do not go before it", async () => {
  const { hub, key, picture, next } = open();
  const second = init();
  assertEquals(hub.generation, 0);
  hub.begin(init());
  assertEquals([key()?.generation, hub.generation], [1, 1]);
  hub.begin(second);
  assertEquals([hub.generation, hub.init === second, picture()], [2, true, undefined]);
  assertEquals(await now(next(0)), undefined);
  assertEquals([key()?.generation, (await next(0)).init === second, (await next(1)).skipped], [2, true, 0]);
});

Deno.test("PacketHub: after the end nobody begins with old packets; what it began with stays known", async () => {
  const { hub, key, picture, next } = open();
  const start = init();
  hub.begin(start);
  key();
  hub.end();
  assertEquals([picture(), hub.init === start, await now(next(0)), await now(next(1))], [
    undefined,
    true,
    undefined,
    undefined,
  ]);
});

Deno.test("PacketHub: an abort ends a wait as an abort, before it and while it lasts", async () => {
  const { hub, key, next } = open();
  hub.begin(init());
  assert(isAbort(await assertRejects(() => next(0, AbortSignal.abort()), DOMException)));
  const stop = new AbortController();
  const failed = assertRejects(() => next(0, stop.signal), DOMException);
  await settle();
  stop.abort();
  assert(isAbort(await failed));
  key();
  assertEquals(seqs(await next(0)), [1]);
});

const LONG: [string, number, number][] = [["packets", 4000, 10], ["bytes", 17, 1 << 20]];
for (const [what, count, bytes] of LONG) {
  Deno.test(`PacketHub: without a key frame for too many ${what}, who keeps up reads on and who is late waits`, async () => {
    const { hub, key, picture, next } = open();
    hub.begin(init());
    key();
    let seq = 1;
    for (let sent = 0; sent < 3 * count; sent++) {
      assert(picture(bytes), "it is handed on");
      const batch = await next(seq);
      assertEquals([seqs(batch), batch.skipped], [[seq + 1], 0]);
      seq++;
    }
    // A late one, and one that has missed what is no longer kept.
    const late = next(0);
    const laggard = next(1);
    picture(bytes);
    assertEquals([await now(late), await now(laggard)], [undefined, undefined]);
    key();
    assertEquals([seqs(await late), seqs(await laggard)], [[seq + 2], [seq + 2]]);
    assertEquals((await laggard).skipped, seq);
  });
}
