// Lenient reading: strings for numbers and switches, unknown for everything else.
import { assertEquals } from "@std/assert";
import {
  asEpochSeconds,
  asMac,
  asNumber,
  asOnOff,
  asRows,
  asText,
  at,
  known,
} from "../../../../src/protocols/tapo/values.ts";

const NUMBERS: [unknown, number | undefined][] = [
  ["50", 50],
  ["-0.328380", -0.32838],
  [" 7 ", 7],
  [".5", 0.5],
  [3, 3],
  [0, 0],
  ["", undefined],
  ["0x10", undefined],
  ["1e3", undefined],
  ["50%", undefined],
  [null, undefined],
  [true, undefined],
  [NaN, undefined],
  [Infinity, undefined],
  [["50"], undefined],
];
for (const [value, expected] of NUMBERS) {
  Deno.test(`asNumber: ${Deno.inspect(value)} is ${expected}`, () => assertEquals(asNumber(value), expected));
}

const SWITCHES: [unknown, boolean | undefined][] = [
  ["on", true],
  ["ON", true],
  ["off", false],
  ["1", true],
  [0, false],
  [true, true],
  ["auto", undefined],
  ["", undefined],
  [undefined, undefined],
  [2, undefined],
  [{}, undefined],
];
for (const [value, expected] of SWITCHES) {
  Deno.test(`asOnOff: ${Deno.inspect(value)} is ${expected}`, () => assertEquals(asOnOff(value), expected));
}

Deno.test("asText: numbers count, emptiness does not", () => {
  assertEquals([asText("x"), asText(3), asText(" "), asText(null), asText(NaN)], [
    "x",
    "3",
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("asEpochSeconds: zero means never", () => {
  assertEquals([asEpochSeconds("1734386954"), asEpochSeconds("0"), asEpochSeconds("")], [
    1734386954,
    undefined,
    undefined,
  ]);
});

Deno.test("asMac: three spellings become one", () => {
  const expected = "F0:A7:31:00:00:0A";
  for (const text of ["F0-A7-31-00-00-0A", "f0:a7:31:00:00:0a", "F0A73100000A"]) {
    assertEquals(asMac(text), expected);
  }
  assertEquals([asMac("F0-A7"), asMac(undefined)], [undefined, undefined]);
});

Deno.test("at: ends where the path ends, and follows no prototype", () => {
  assertEquals(at({ a: { b: 1 } }, "a", "b"), 1);
  assertEquals(at({ a: [1] }, "a", "0"), undefined);
  assertEquals(at({}, "constructor", "name"), undefined);
  assertEquals(at(null, "a"), undefined);
});

Deno.test("asRows: unwraps numbered keys and leaves flat rows", () => {
  assertEquals(asRows([{ hd_info_1: { a: 1 } }, { b: 2, c: {} }, 3, { x: { d: 4 }, y: { e: 5 } }]), [
    { a: 1 },
    { b: 2, c: {} },
    { d: 4 },
    { e: 5 },
  ]);
  assertEquals(asRows({}), []);
});

Deno.test("known: leaves out what is undefined, and only that", () => {
  assertEquals<Record<string, unknown>>(known({ a: 0, b: undefined, c: false, d: "" }), {
    a: 0,
    c: false,
    d: "",
  });
});
