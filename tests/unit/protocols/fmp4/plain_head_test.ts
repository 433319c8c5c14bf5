// A plain MP4 made of a fragmented one: the same packets at the same times, with its index in front.
import { assert, assertEquals } from "@std/assert";
import { type PlainMp4, plainMp4 } from "../../../../src/protocols/fmp4/plain_head.ts";
import { mp4File, topBoxes } from "../../tools/mp4_files.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const make = (bytes: Bytes) =>
  plainMp4((at, length) => Promise.resolve(bytes.slice(at, at + length)), bytes.length);

function whole(bytes: Bytes, { head, first, end }: PlainMp4): Bytes {
  const all = new Uint8Array(head.length + end - first);
  all.set(head);
  all.set(bytes.subarray(first, end), head.length);
  return all;
}

/** Every packet as ffprobe sees it, without where it lies; and the streams. */
async function packets(bytes: Bytes): Promise<string[]> {
  const path = await Deno.makeTempFile({ suffix: ".mp4" });
  try {
    await Deno.writeFile(path, bytes);
    const { stdout, stderr } = await new Deno.Command("ffprobe", {
      args: [
        ...["-v", "error", "-show_entries", "packet=stream_index,pts,dts,size,flags,data_hash"],
        ...["-show_data_hash", "md5", "-of", "json", path],
      ],
      stdin: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    const { packets } = JSON.parse(new TextDecoder().decode(stdout));
    return packets.map(({ stream_index, pts, dts, size, flags, data_hash }: Record<string, string>) => {
      // What the encoder of the sound needs before the beginning is not heard; nothing else may be dropped.
      const isDropped = flags!.includes("D") && Number(pts) >= 0;
      const key = flags!.startsWith("K") ? "key" : "";
      return [stream_index, pts, dts, size, key, isDropped ? "dropped" : "", data_hash].join();
    }).sort();
  } finally {
    await Deno.remove(path);
  }
}

for (const options of [{}, { sound: true }, { bFrames: 2 }, { sound: true, delayS: 0.7 }]) {
  Deno.test(`plainMp4: the same packets at the same times as in the fragments ${JSON.stringify(options)}`, async () => {
    const bytes = await mp4File(5, options);
    const made = await make(bytes);
    assert(made);
    const plain = whole(bytes, made);
    assertEquals(topBoxes(made.head.subarray(0, -16)).map(({ type }) => type), ["ftyp", "moov"]);
    const boxes = topBoxes(bytes);
    assertEquals([made.first, made.end], [
      boxes.find(({ type }) => type === "moof")?.at,
      boxes.find(({ type }) => type === "mfra")?.at,
    ]);
    assertEquals(await packets(plain), await packets(bytes));
  });
}

const FILE = await mp4File(3, { sound: true });

Deno.test("plainMp4: of a file that was cut off, what is whole", async () => {
  const last = topBoxes(FILE).filter(({ type }) => type === "moof").at(-1)!;
  const made = await make(FILE.slice(0, last.at + last.size + 20));
  assertEquals(made?.end, last.at);
  assertEquals(made && (await packets(whole(FILE, made))).length > 20, true);
});

Deno.test("plainMp4: of what is no fragmented MP4 as the hub writes it none is made, and nothing is thrown", async () => {
  assertEquals(await make(new Uint8Array(0)), undefined);
  assertEquals(await make(new TextEncoder().encode("x".repeat(5000))), undefined);
  assertEquals(await make(crypto.getRandomValues(new Uint8Array(5000))), undefined);
  const made = await make(FILE);
  assert(made);
  // A plain one has no fragments.
  assertEquals(await make(whole(FILE, made)), undefined);
  const moov = topBoxes(FILE).find(({ type }) => type === "moov")!;
  assertEquals(await make(FILE.slice(0, moov.at + moov.size)), undefined);
});

Deno.test("plainMp4: bears any byte of the heads being another", async () => {
  const second = topBoxes(FILE).filter(({ type }) => type === "moof")[1]!;
  const heads = [...Array(1200).keys(), ...Array.from({ length: second.size }, (_, at) => second.at + at)];
  for (const at of heads) {
    const wrong = FILE.slice();
    wrong[at] = wrong[at]! ^ 0xff;
    const made = await make(wrong);
    if (made) assert(made.first <= made.end && made.end <= FILE.length && made.head.length < FILE.length * 2);
  }
});
