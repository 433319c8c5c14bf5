import { assertEquals } from "@std/assert";
import { type ByteRange, readRange } from "../../../src/http/byte_range.ts";

const CASES: readonly [header: string | undefined, wanted: ByteRange | "all" | "none"][] = [
  [undefined, "all"],
  ["bytes=0-", { first: 0, last: 99 }],
  ["bytes=0-0", { first: 0, last: 0 }],
  ["bytes=10-19", { first: 10, last: 19 }],
  ["bytes= 10-19 ", { first: 10, last: 19 }],
  ["bytes=90-1000", { first: 90, last: 99 }],
  ["bytes=99-", { first: 99, last: 99 }],
  ["bytes=-1", { first: 99, last: 99 }],
  ["bytes=-1000", { first: 0, last: 99 }],
  ["bytes=100-", "none"],
  ["bytes=100-200", "none"],
  ["bytes=-0", "none"],
  // What a server may ignore.
  ["bytes=20-10", "all"],
  ["bytes=-", "all"],
  ["bytes=0-1,5-6", "all"],
  ["bytes=0x1-2", "all"],
  ["bytes=99999999999999999999-", "all"],
  ["items=0-1", "all"],
  ["", "all"],
];
for (const [header, wanted] of CASES) {
  Deno.test(`readRange: ${JSON.stringify(header)} of 100 bytes`, () => {
    assertEquals(readRange(header, 100), wanted);
  });
}

Deno.test("readRange: an empty file has no range", () => {
  assertEquals([readRange("bytes=0-", 0), readRange("bytes=-5", 0), readRange(undefined, 0)], [
    "none",
    "none",
    "all",
  ]);
});
