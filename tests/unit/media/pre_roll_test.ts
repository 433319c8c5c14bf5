import { assertEquals } from "@std/assert";
import { FrameHub } from "../../../src/media/frame_hub.ts";
import { PacketHub } from "../../../src/media/packet_hub.ts";
import { PreRollBudget, PreRollMemory } from "../../../src/media/pre_roll.ts";

const INIT = {
  bytes: new Uint8Array(10),
  tracks: [{ id: 1, kind: "video" as const, format: "x", codec: "x", timescale: 1000 }],
};

/** A picture every second, a key frame every fourth; wall clock far from the monotonic one. */
function filled(hub: PacketHub, seconds: number, bytes = 10): void {
  hub.begin(INIT);
  for (let second = 0; second < seconds; second++) {
    const fragment = { trackId: 1, isSync: second % 4 === 0, decodeTime: 0, bytes: new Uint8Array(bytes) };
    hub.publish(fragment, 1e12 + second * 1000, second * 1000);
  }
}
const begins = (hub: PacketHub, atMs: number) => hub.from(atMs)?.packets.map(({ seq }) => seq - 1);

Deno.test("[REC-PREROLL] PacketHub: keeps whole groups that cover the time that is wanted, and no more", () => {
  const hub = new PacketHub();
  const letGo = hub.earlier.want(5000);
  filled(hub, 22);
  // Groups begin at 0, 4, … 20. Five seconds before the newest lie in the one of 16 (and 12, for a while).
  assertEquals(begins(hub, 21_000)?.[0], 20);
  assertEquals(begins(hub, 19_500)?.[0], 16);
  assertEquals(begins(hub, 0)?.[0], 12);
  assertEquals(begins(hub, 0), [12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  letGo();
  assertEquals([begins(hub, 0)?.[0], hub.earlier.bytes], [20, 0]);
});

Deno.test("[REC-PREROLL] PacketHub: nothing is kept unasked, nor over the end of a stream", () => {
  const hub = new PacketHub();
  filled(hub, 22);
  assertEquals([begins(hub, 0)?.[0], hub.earlier.bytes], [20, 0]);
  hub.earlier.want(60_000);
  filled(hub, 22);
  assertEquals(begins(hub, 0)?.length, 22);
  hub.end();
  assertEquals([hub.from(0), hub.earlier.bytes], [undefined, 0]);
});

Deno.test("[REC-PREROLL] PreRollMemory: is bounded for a stream and for all of them together", () => {
  const budget = new PreRollBudget(100);
  const [one, two] = [new PreRollMemory<number>(budget, 60), new PreRollMemory<number>(budget, 60)];
  one.want(1e9);
  two.want(1e9);
  for (let at = 0; at < 10; at++) one.add({ items: [at], bytes: 10, atMs: at }, at + 1);
  assertEquals([one.from(-1), one.bytes, one.sinceMs], [[4, 5, 6, 7, 8, 9], 60, 4]);
  for (let at = 0; at < 10; at++) two.add({ items: [at], bytes: 10, atMs: at }, at + 1);
  assertEquals([two.bytes, one.bytes, budget.usedBytes], [40, 60, 100]);
  one.clear();
  assertEquals([budget.usedBytes, one.from(0)], [40, []]);
});

Deno.test("[REC-PREROLL] FrameHub: keeps pictures while that is wanted, without their parts for viewers", () => {
  const hub = new FrameHub();
  const publish = (atMs: number) =>
    hub.publish({ bytes: new Uint8Array(10), width: 4, height: 4 }, 1e12 + atMs, atMs);
  publish(0);
  const letGo = hub.earlier.want(3000);
  for (let atMs = 1000; atMs <= 10_000; atMs += 1000) publish(atMs);
  assertEquals(hub.earlier.from(0).map(({ capturedAtMs }) => capturedAtMs - 1e12), [
    7000,
    8000,
    9000,
    10_000,
  ]);
  assertEquals("part" in hub.earlier.from(0)[0]!, false);
  letGo();
  assertEquals(hub.earlier.from(0), []);
});
