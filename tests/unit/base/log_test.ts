// The log: one JSON object a line, the level honoured, fields of parents kept, no credential in it.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { LOG_LEVELS, Logger, type LogLevel } from "../../../src/base/log.ts";

function recorder(level: LogLevel = "debug") {
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), level, { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

for (const [threshold, level] of LOG_LEVELS.entries()) {
  Deno.test(`Logger: at ${level} it writes that level and above only`, () => {
    const { log, lines } = recorder(level);
    for (const each of LOG_LEVELS) log[each]("message");
    assertEquals(lines.map((line) => JSON.parse(line).level), LOG_LEVELS.slice(threshold));
  });
}

Deno.test("Logger: a line is one JSON object with time, level, message and fields, without a line break", () => {
  const { log, lines, last } = recorder();
  log.info("Two\nlines", { text: "a\r\nb", number: 5, flag: false, none: undefined, big: 7n });
  assertEquals(lines[0]?.includes("\n"), false);
  assertEquals(last(), {
    time: "2026-01-02T03:04:05.006Z",
    level: "info",
    message: "Two\nlines",
    text: "a\r\nb",
    number: 5,
    flag: false,
    big: "7",
  });
});

Deno.test("Logger: a child adds its fields to every line, and its parent does not change", () => {
  const { log, last } = recorder("warn");
  const child = log.child({ camera: "front" }).child({ part: "stream" });
  child.warn("x", { n: 1 });
  assertEquals([last().camera, last().part, last().n], ["front", "stream", 1]);
  child.warn("x", { part: "other" });
  assertEquals(last().part, "other");
  log.warn("x");
  assertEquals(last().camera, undefined);
  child.info("not written");
  assertEquals(last().camera, undefined);
});

Deno.test("Logger: credentials in any text are blanked: message, fields, lists, errors and their causes", () => {
  const { log, lines } = recorder();
  const leaky = new Error("opening rtsp://u:hunter2@h/x", { cause: new Error("http://h/?token=hunter2") });
  log.info("GET /?token=hunter2", { list: [{ url: "rtsp://u:hunter2@h" }] });
  log.error("failed", { error: leaky });
  log.error("failed", { error: new HubError("internal", "rtsp://u:hunter2@h", { cause: leaky }) });
  assertEquals(lines.length, 3);
  assertEquals(lines.join().includes("hunter2"), false, lines.join("\n"));
});

Deno.test("Logger: an expected error is written without stack, a fault with it", () => {
  const { log, last } = recorder();
  const details = { id: "a" };
  log.warn("x", { error: new HubError("conflict", "taken", { hint: "choose another", details }) });
  assertEquals(last().error, { kind: "conflict", message: "taken", hint: "choose another", details });
  log.warn("x", { error: new HubError("internal", "odd") });
  assertEquals([last().error.kind, last().error.message], ["internal", "odd"]);
  assert(String(last().error.stack).includes("log_test"));
});

Deno.test("Logger: a foreign error is written with name, message, stack and causes", () => {
  const { log, last } = recorder();
  log.error("x", { error: new TypeError("outer", { cause: new RangeError("inner") }) });
  assertEquals([last().error.kind, last().error.message], ["TypeError", "outer"]);
  assertEquals([last().error.cause.kind, last().error.cause.message], ["RangeError", "inner"]);
  assert(String(last().error.stack).includes("log_test"));
});
