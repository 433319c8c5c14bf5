// What can be asked of the history, and what a wrong question is told.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { CAMERA_FIELDS, HISTORY_FIELDS } from "../../../../src/metrics/history/fields.ts";
import { parseLength, parseMoment } from "../../../../src/metrics/history/moment.ts";
import { planOf } from "../../../../src/metrics/history/plan.ts";
import { parseQuestion } from "../../../../src/metrics/history/question.ts";
import { parseLastHours } from "../../../../src/metrics/history/last_hours.ts";

const NOW = Date.UTC(2026, 4, 1, 12);
const HOUR = 3_600_000;

Deno.test("parseMoment takes milliseconds, seconds, RFC 3339, now and before now [METRICS-RANGE]", () => {
  const at = Date.UTC(2026, 4, 1, 8);
  for (
    const [text, expected] of [
      ["now", NOW],
      ["now-90s", NOW - 90_000],
      ["now-5m", NOW - 300_000],
      ["now-6h", NOW - 6 * HOUR],
      ["now-7d", NOW - 7 * 24 * HOUR],
      ["now-2w", NOW - 14 * 24 * HOUR],
      [String(at), at],
      [String(at / 1000), at],
      [`${at / 1000}.250`, at + 250],
      ["2026-05-01T08:00:00Z", at],
      ["2026-05-01T10:00:00+02:00", at],
      // As it arrives when nobody escaped the plus.
      ["2026-05-01T10:00:00 02:00", at],
      ["2026-05-01T08:00:00.500Z", at + 500],
      ["0", 0],
      ...[
        "",
        "yesterday",
        "now+1h",
        "now-6",
        "now-6y",
        "now-1.5h",
        "2026-05-01",
        "2026-05-01T08:00:00",
        "2026-02-30T08:00:00Z",
        "2026-05-01T25:00:00Z",
        "-5",
        "1e12",
        "NaN",
        "9999999999999999",
        // As late as this, the end of the last step would be no date any more.
        "8640000000000000",
      ].map((wrong) => [wrong, undefined] as const),
    ] as const
  ) assertEquals(parseMoment(text, NOW), expected, text);
});

Deno.test("parseLength takes units and bare seconds [METRICS-RANGE]", () => {
  for (
    const [text, expected] of [
      ["30s", 30_000],
      ["5m", 300_000],
      ["1h", HOUR],
      ["1d", 24 * HOUR],
      ["300", 300_000],
      ["0.5", 500],
      ...["0", "0s", "-5m", "5 m", "1y", "m", "", "1.5h", "99999999999s", "999999999w"].map((wrong) =>
        [wrong, undefined] as const
      ),
    ] as const
  ) assertEquals(parseLength(text), expected, text);
});

const parse = (query: string, cameras: readonly string[] = ["door", "yard"]) =>
  parseQuestion(new URLSearchParams(query), { nowMs: NOW, cameras });

Deno.test("parseQuestion: whose, which values and how much, where something is left out [METRICS-RANGE]", () => {
  const all = parse("").query;
  assertEquals([all.subjects, all.fromMs, all.toMs], [["door", "yard"], NOW - 24 * HOUR, NOW + 1]);
  assertEquals([all.aggregation, all.isFilled, all.stepMs, all.maxSteps], ["avg", false, undefined, 1000]);
  assertEquals([all.fields[0], all.fields.length, parse("").format], ["up", 9, "rows"]);
  for (const query of ["camera=a,b", "camera=a&camera=b", "camera=a,%20b,,a"]) {
    assertEquals(parse(query).query.subjects, ["a", "b"], query);
  }
  const hub = parse("camera=@hub").query;
  assertEquals([hub.subjects, hub.fields.length, hub.fields[0]], [["@hub"], 6, "host_temperature_celsius"]);
  assertEquals(parse("camera=a,@hub").query.fields.length, 15);
  assertEquals(parse("fields=host_load").query.subjects, ["@hub"]);
  assertEquals(parse("fields=up,host_load").query.subjects, ["door", "yard", "@hub"]);
  assertEquals(parse("fields=up&fields=fps").query.fields, ["up", "fps"]);
  assertEquals(parse("", []).query.subjects, []);
  assertEquals(
    parse("step=1m&to=now-1h").query.fromMs,
    NOW - HOUR - 999 * 60_000,
    "no more than there are steps for",
  );
  const exact = parse("from=now-2h&to=now-1h&step=5m&agg=max&fill=null&format=csv");
  assertEquals([exact.query.fromMs, exact.query.toMs], [NOW - 2 * HOUR, NOW - HOUR]);
  assertEquals([exact.query.stepMs, exact.query.aggregation], [300_000, "max"]);
  assertEquals([exact.query.isFilled, exact.format], [true, "csv"]);
});

Deno.test("parseQuestion: an answer has 20,000 rows at most, whoever asks for how many [METRICS-RANGE]", () => {
  for (const [cameras, steps] of [[1, 1000], [20, 1000], [21, 952], [100, 200], [200, 100]] as const) {
    const ids = Array.from({ length: cameras }, (_, at) => `camera-${at}`);
    assertEquals(parse("step=1s&from=0", ids).query.maxSteps, steps);
    assertEquals(parse(`step=1s&from=0&camera=${ids.join()}`).query.maxSteps, steps);
  }
});

function problemsOf(query: string): string[] {
  const error = assertThrows(() => parse(query), HubError);
  assertEquals(error.kind, "invalid_input");
  return error.message.split("\n");
}

Deno.test("parseQuestion says of everything that is wrong where it is, what was expected and perhaps meant [METRICS-RANGE]", () => {
  const [first, ...rest] = problemsOf(
    "from=yesterday&agg=mean&fields=latency,fps&format=xml&fill=0&step=0&camra=a",
  );
  assertEquals(
    first,
    'camra: There is no parameter "camra"; expected one of: camera, from, to, step, agg, fields, ' +
      'fill, format; did you mean "camera"?',
  );
  assertStringIncludes(rest[0]!, 'fields: "latency" is not possible here; expected one of up, latency_ms, ');
  assertStringIncludes(rest[1]!, 'from: "yesterday" is not understood; expected a time such as');
  assertStringIncludes(rest[2]!, 'step: "0" is not understood; expected a length such as 30s');
  assertStringIncludes(rest[3]!, 'agg: "mean" is not possible here; expected one of avg, min, max');
  assertStringIncludes(rest[4]!, 'fill: "0" is not possible here; expected one of null, none');
  assertStringIncludes(rest[5]!, 'format: "xml" is not possible here; expected one of rows, csv');
  assertEquals(rest.length, 6);
  assertStringIncludes(problemsOf("fields=latency_m")[0]!, 'did you mean "latency_ms"?');
  assertEquals(problemsOf("from=now&to=now-1h"), [
    "from: is not before to; expected an earlier time than that of to",
  ]);
  assertEquals(problemsOf("step=5m&step=1h"), ["step: is given twice; expected one value"]);
  const many = Array.from({ length: 201 }, (_, at) => `c${at}`).join();
  assertEquals(problemsOf(`camera=${many}`), ["camera: names 201 things; expected at most 200"]);
});

Deno.test("parseQuestion: what is answered to nonsense stays short, however much there is of it [METRICS-RANGE-NONSENSE]", () => {
  const words = Array.from({ length: 5000 }, (_, at) => `w${at}`);
  for (
    const query of [`fields=${words}`, words.join("&"), `fields=${"x".repeat(60_000)}`, "x".repeat(60_000)]
  ) {
    const error = assertThrows(() => parse(query), HubError);
    assertEquals(error.kind, "invalid_input");
    const told = JSON.stringify([error.message, error.details]);
    assert(told.length < 40_000, `${told.length} characters`);
  }
});

Deno.test("parseQuestion: the latest and longest that can be asked for is planned without a fault [METRICS-RANGE-NONSENSE]", () => {
  const none = { raw: -Infinity, "5m": -Infinity, "1h": -Infinity };
  for (const query of ["from=0&to=253402300799999", "from=0&to=253402300799999&step=5217w", "step=5217w"]) {
    const { fromMs, toMs } = planOf(parse(query).query, none, 30_000);
    assert(Date.parse(new Date(fromMs).toISOString()) < Date.parse(new Date(toMs).toISOString()), query);
  }
});

Deno.test("parseLastHours: hours above 0 [METRICS-HISTORY]", () => {
  const from = (query: string) => parseLastHours(new URLSearchParams(query), "door", NOW).fromMs;
  for (
    const [query, expected] of [
      ["", NOW - HOUR],
      ["hours=2", NOW - 2 * HOUR],
      ["hours=0.5", NOW - HOUR / 2],
      ["hours=48", NOW - 48 * HOUR],
      ["hours=1000000000000", 0],
    ] as const
  ) assertEquals(from(query), expected, query);
  for (const wrong of ["0", "-1", "two", "1e3", "Infinity", "NaN"]) {
    const error = assertThrows(() => from(`hours=${wrong}`), HubError);
    assertEquals(
      error.message,
      `hours: "${wrong}" is not understood; expected a number of hours above 0, such as 1 or 0.5`,
    );
  }
  const error = assertThrows(() => from("hours=1&step=5m"), HubError);
  assertStringIncludes(error.message, 'There is no parameter "step"');
});

Deno.test("docs/metrics.md lists the fields of the history as they are [METRICS-RANGE]", async () => {
  const text = await Deno.readTextFile(new URL("../../../../docs/metrics.md", import.meta.url));
  const rows = text.split("\n").filter((line) => /^\| `\w+` +\| \w+ +\| (?:camera|hub) /.test(line));
  const cells = rows.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const expected = Object.entries(HISTORY_FIELDS).map(([name, { unit, help }]) => [
    `\`${name}\``,
    unit,
    name in CAMERA_FIELDS ? "camera" : "hub",
    help,
  ]);
  assertEquals(cells, expected);
});
