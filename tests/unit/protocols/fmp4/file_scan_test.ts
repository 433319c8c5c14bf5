import { assert, assertEquals } from "@std/assert";
import { scanFmp4File } from "../../../../src/protocols/fmp4/file_scan.ts";
import { mp4File, topBoxes } from "../../tools/mp4_files.ts";

const scan = (bytes: Uint8Array<ArrayBuffer>) =>
  scanFmp4File((at, length) => Promise.resolve(bytes.slice(at, at + length)), bytes.length);
const near = (actual: number, wanted: number) => assert(Math.abs(actual - wanted) < 110, `${actual}`);

const FILE = await mp4File(5, { sound: true });

Deno.test("scanFmp4File: tells what is in a whole file, and its length", async () => {
  const found = await scan(FILE);
  assertEquals([found.wholeBytes, found.init?.tracks.map(({ kind }) => kind)], [
    FILE.length,
    ["video", "audio"],
  ]);
  near(found.durationMs, 5000);
  assertEquals(found.fragments, topBoxes(FILE).filter(({ type }) => type === "moof").length);
});

Deno.test("scanFmp4File: of a file that was cut anywhere, what is whole ends with a whole fragment", async () => {
  const boxes = topBoxes(FILE);
  const ends = new Set([0, ...boxes.filter(({ type }) => type !== "moof").map(({ at, size }) => at + size)]);
  const moov = boxes.find(({ type }) => type === "moov")!;
  for (let cut = 0; cut < FILE.length; cut += 97) {
    const { wholeBytes, init, fragments, durationMs } = await scan(FILE.slice(0, cut));
    assert(ends.has(wholeBytes) && wholeBytes <= cut, `${cut}: ${wholeBytes}`);
    assertEquals(init !== undefined, cut >= moov.at + moov.size);
    assertEquals(durationMs > 0, fragments > 0 && init !== undefined, `${cut}`);
  }
});

Deno.test("scanFmp4File: reads little of a file with an index, and finds the same as in one without", async () => {
  const mfra = topBoxes(FILE).find(({ type }) => type === "mfra")!;
  let reads = 0;
  const byIndex = await scanFmp4File((at, length) => {
    reads++;
    return Promise.resolve(FILE.slice(at, at + length));
  }, FILE.length);
  const through = await scan(FILE.slice(0, mfra.at));
  assertEquals([byIndex.durationMs, byIndex.fragments], [through.durationMs, through.fragments]);
  assert(reads <= 16, `${reads} reads`);
  // An index that leads astray is not believed.
  for (const offset of [0, 7, 0xffff_ffff, FILE.length - 20]) {
    const wrong = FILE.slice();
    const view = new DataView(wrong.buffer);
    // The last entry of the first table: time and offset of eight bytes each, then three numbers.
    const tfra = mfra.at + 8;
    view.setBigUint64(tfra + view.getUint32(tfra) - 3 - 8, BigInt(offset));
    assertEquals((await scan(wrong)).durationMs, through.durationMs);
  }
});

Deno.test("scanFmp4File: bears what is no MP4, and boxes that claim too much", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(4096));
  for (
    const bytes of [new Uint8Array(0), new Uint8Array(4096), noise, new TextEncoder().encode("x".repeat(99))]
  ) {
    assertEquals((await scan(bytes)).durationMs, 0);
  }
  const huge = FILE.slice(0, topBoxes(FILE).find(({ type }) => type === "mfra")!.at);
  const second = topBoxes(FILE).filter(({ type }) => type === "moof")[1]!;
  new DataView(huge.buffer).setUint32(second.at, 0xffff_fff0);
  assertEquals((await scan(huge)).wholeBytes, second.at);
});
