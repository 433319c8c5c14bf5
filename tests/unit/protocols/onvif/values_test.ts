// The small forms in which cameras write values.
import { assertEquals } from "@std/assert";
import {
  durationMs,
  epochMs,
  known,
  toBoolean,
  toDuration,
  toNumber,
} from "../../../../src/protocols/onvif/values.ts";

Deno.test("toNumber takes decimal numbers only", () => {
  const cases = { "1": 1, " -0.5 ": -0.5, ".5": 0.5, "1e-3": 0.001, "+2.": 2, "007": 7 };
  for (const [text, value] of Object.entries(cases)) assertEquals([text, toNumber(text)], [text, value]);
  for (const text of [undefined, "", "x", "0x10", "1,5", "NaN", "Infinity", "1e999", "1 2"]) {
    assertEquals([text, toNumber(text)], [text, undefined]);
  }
});

Deno.test("toBoolean knows yes from no, and both from neither", () => {
  for (const text of ["true", "1", "True", " ON ", "yes", "active"]) assertEquals(toBoolean(text), true);
  for (const text of ["false", "0", "FALSE", "off", "no", "inactive"]) assertEquals(toBoolean(text), false);
  for (const text of [undefined, "", "2", "maybe"]) assertEquals(toBoolean(text), undefined);
});

Deno.test("durationMs and toDuration", () => {
  const cases = {
    PT1S: 1000,
    PT1M30S: 90_000,
    "PT0.25S": 250,
    PT0H0M10S: 10_000,
    P1DT1H: 90_000_000,
    PT0S: 0,
  };
  for (const [text, ms] of Object.entries(cases)) assertEquals([text, durationMs(text)], [text, ms]);
  for (const text of [undefined, "", "P", "PT", "1S", "PT1X", "-PT1S"]) {
    assertEquals(durationMs(text), undefined);
  }
  assertEquals([10_000, 1500, 0, -5, 333.3333].map(toDuration), [
    "PT10S",
    "PT1.5S",
    "PT0S",
    "PT0S",
    "PT0.333S",
  ]);
});

Deno.test("epochMs: a time without zone is UTC", () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  for (const text of ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T05:04:05+02:00"]) {
    assertEquals([text, epochMs(text)], [text, atMs]);
  }
  assertEquals(epochMs("2026-01-02T03:04:05.25Z"), atMs + 250);
  for (const text of [undefined, "", "yesterday", "2026-13-45T03:04:05Z", "2026-01-02"]) {
    assertEquals([text, epochMs(text)], [text, undefined]);
  }
});

Deno.test("known leaves out what is undefined, and nothing else", () => {
  assertEquals(known({ a: undefined, b: 0, c: "", d: false }), { b: 0, c: "", d: false });
});
