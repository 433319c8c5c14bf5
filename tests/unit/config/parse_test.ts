// The configuration: what is wrong is told with its place, its line, what was expected and what was perhaps meant.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { z } from "zod";
import { HubError } from "../../../src/base/errors.ts";
import { ConfigError, loadConfig, parseConfig } from "../../../src/config/load.ts";
import {
  inputError,
  nearest,
  pathText,
  type Problem,
  problemText,
  toProblems,
} from "../../../src/config/problems.ts";
import type { CameraTypes } from "../../../src/config/schema.ts";
import { DRIVERS } from "../../../src/drivers/index.ts";

function parse(text: string) {
  return parseConfig(text, DRIVERS, { sources: { env: () => undefined, readFile: () => "" } });
}

function problems(text: string): readonly Problem[] {
  return assertThrows(() => parse(text), ConfigError).problems;
}

Deno.test("parseConfig: an empty file, and one of comments, are the defaults", () => {
  const defaults = parse("");
  assertEquals(parse("# nothing\n"), defaults);
  assertEquals(defaults.server, {
    host: "0.0.0.0",
    port: 7777,
    metrics_port: 8080,
    hostnames: [],
    dashboard: true,
  });
  assertEquals([defaults.cameras, defaults.log, defaults.webcams], [[], { level: "info" }, { auto: true }]);
  assertEquals([defaults.auth.session_days, defaults.streams.linger_s], [30, 5]);
});

Deno.test("parseConfig: fills in the defaults of each camera's type", () => {
  const { cameras } = parse(
    "cameras:\n  - {id: a, type: testpattern, fps: 5}\n  - {id: b, type: webcam, enabled: false}\n",
  );
  assertEquals(cameras, [
    {
      id: "a",
      type: "testpattern",
      enabled: true,
      width: 1280,
      height: 720,
      fps: 5,
      codec: "mjpeg",
      quality: 80,
    },
    { id: "b", type: "webcam", enabled: false, format: "auto", quality: 80 },
  ]);
});

/** Text, then for each problem: path, line, a part of the message, a part of what was expected, the suggestion. */
type Expected = [
  path: string,
  line: number | undefined,
  message: string,
  expected?: string,
  suggestion?: string,
];
const WRONG: [string, string, Expected[]][] = [
  ["an unknown key", "server:\n  prot: 1\n", [[
    "server.prot",
    2,
    'Unknown key "prot"',
    "host, port",
    "port",
  ]]],
  ["an unknown key at the top", "webcam:\n  auto: true\n", [[
    "webcam",
    1,
    "Unknown key",
    "webcams",
    "webcams",
  ]]],
  ["a key like none", "server:\n  zzzzzzzz: 1\n", [["server.zzzzzzzz", 2, "Unknown key", "host"]]],
  ["an unknown key of a camera", "cameras:\n  - id: a\n    type: webcam\n    devise: /dev/video0\n", [
    ["cameras[0].devise", 4, "Unknown key", "device", "device"],
  ]],
  ["a key of another camera type", "cameras:\n  - {id: a, type: testpattern, device: /dev/video0}\n", [
    ["cameras[0].device", 2, "Unknown key", "fps"],
  ]],
  ["a missing id", "cameras:\n  - type: webcam\n", [["cameras[0].id", 2, "undefined", "string"]]],
  ["a wrong type", "server:\n  port: often\n", [["server.port", 2, "Is of type string", "number"]]],
  ["a list for an object", "server:\n  - port\n", [["server", 1, "array", "object"]]],
  ["text for the whole", "just text\n", [["", undefined, "string", "object"]]],
  ["a number that is too large", "\n\nserver: {port: 70000}\n", [[
    "server.port",
    3,
    "Too large",
    "at most 65535",
  ]]],
  ["a number that is too small", "streams:\n  stall_timeout_s: 0\n", [[
    "streams.stall_timeout_s",
    2,
    "Too small",
    "at least 0.5",
  ]]],
  ["a name without a letter", 'cameras:\n  - {id: a, type: webcam, name: " "}\n', [[
    "cameras[0].name",
    2,
    "Too short",
    "at least 1 character",
  ]]],
  ["a word that is not possible", "log:\n  level: inof\n", [[
    "log.level",
    2,
    '"inof" is not possible',
    '"info"',
    "info",
  ]]],
  ["an id that cannot be", "cameras:\n  - {id: Front Door, type: webcam}\n", [[
    "cameras[0].id",
    2,
    "small letters",
  ]]],
  [
    "an id used twice",
    "cameras:\n  - {id: a, type: webcam}\n  - {id: b, type: webcam}\n  - {id: a, type: webcam}\n",
    [
      ["cameras[2].id", 4, "already used by cameras[0]", "of its own"],
    ],
  ],
  ["several things at once", "server:\n  prot: 1\nlog:\n  level: 5\n", [
    ["server.prot", 2, "Unknown key", "port", "port"],
    ["log.level", 4, "", "debug"],
  ]],
  ["bad YAML", "server:\n  port: [1\n", [["", 3, "Not valid YAML"]]],
  ["a key written twice", "server:\n  port: 1\n  port: 2\n", [["", 3, "Not valid YAML"]]],
  ["a tab for indentation", "server:\n\tport: 1\n", [["", 2, "Not valid YAML"]]],
];
for (const [name, text, expected] of WRONG) {
  Deno.test(`parseConfig: ${name} is told with its place`, () => {
    const found = problems(text);
    for (const [path, line, message, hope, suggestion] of expected) {
      const problem = found.find((each) => each.path === path && each.message.includes(message));
      assert(problem, `${path} in ${JSON.stringify(found)}`);
      assertEquals([problem.line, problem.suggestion], [line, suggestion]);
      assertStringIncludes(problem.expected ?? "", hope ?? "");
    }
    if (!text.includes("[1")) assertEquals(found.length, expected.length, JSON.stringify(found));
  });
}

const TYPES: [string, string, string, string | undefined][] = [
  ["unknown", "cameras:\n  - id: a\n    type: webcan\n", 'There is no type "webcan"', "webcam"],
  ["missing", "cameras:\n  -\n    id: a\n", '"type" is missing', undefined],
];
for (const [name, text, message, suggestion] of TYPES) {
  Deno.test(`parseConfig: a camera type that is ${name} is told with its line and those there are`, () => {
    const [problem, ...others] = problems(text);
    assertEquals([problem?.message, problem?.expected], [
      message,
      "one of tapo, onvif, rtsp, webcam, testpattern",
    ]);
    assertEquals([problem?.line, problem?.suggestion, others.length], [3, suggestion, 0]);
  });
}

Deno.test("parseConfig: an alias bomb is refused, not unfolded", () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]`,
  );
  const [problem] = problems(`a0: &a0 [lol]\n${levels.join("\n")}\n`);
  assertStringIncludes(problem?.message ?? "", "Not usable YAML");
});

Deno.test("parseConfig: plain aliases and merges of a few cameras work", () => {
  const text =
    "cameras:\n  - &base {id: a, type: testpattern, fps: 5}\n  - {id: b, type: testpattern, fps: 5}\n";
  assertEquals(parse(text).cameras.map(({ fps }) => fps), [5, 5]);
});

Deno.test("ConfigError: lists every problem as a line, and says how to check the file", () => {
  const text = "server:\n  prot: 1\nlog:\n  level: inof\n";
  const error = assertThrows(() => parseConfig(text, DRIVERS, { path: "/etc/x.yaml" }), ConfigError);
  assertEquals(error.kind, "invalid_input");
  assertEquals(error.message.split("\n").length, 3);
  assert(error.message.startsWith("/etc/x.yaml cannot be used:\n  line 2: server.prot: Unknown key"));
  assertStringIncludes(error.message, 'did you mean "info"?');
  assertStringIncludes(error.hint ?? "", "config check");
  assertEquals((error.details?.problems as Problem[]).map(({ line }) => line), [2, 4]);
});

Deno.test("problemText: says only what is known", () => {
  assertEquals(problemText({ path: "", message: "m" }), "m");
  assertEquals(
    problemText({ path: "a.b", message: "m", expected: "e", suggestion: "s", line: 3 }),
    'line 3: a.b: m; expected e; did you mean "s"?',
  );
});

Deno.test("pathText: writes paths as people do", () => {
  assertEquals(pathText(["cameras", 0, "fps"]), "cameras[0].fps");
  assertEquals([pathText([]), pathText([1, "a"])], ["", "[1].a"]);
});

const NEAREST: [string, string[], string | undefined][] = [
  ["prot", ["host", "port"], "port"],
  ["PORT", ["host", "port"], "port"],
  ["metricsport", ["metrics_port", "port"], "metrics_port"],
  ["x", ["abc", "def"], undefined],
  ["zzzzzz", ["host", "port"], undefined],
  ["port", [], undefined],
  ["hos", ["host", "hosts"], "host"],
];
for (const [word, known, expected] of NEAREST) {
  Deno.test(`nearest: ${word} among ${known.join(", ") || "nothing"} is ${expected}`, () => {
    assertEquals(nearest(word, known), expected);
  });
}

Deno.test("nearest: what is far longer than any name is not compared, which would take seconds", () => {
  assertEquals(nearest("port".repeat(50), ["port".repeat(50)]), undefined);
});

Deno.test("toProblems, inputError: what is told of nonsense is no multiple of it", () => {
  const schema = z.strictObject({ host: z.string().optional() });
  const told = (input: object) => {
    const { error } = schema.safeParse(input);
    const problems = toProblems(error!, z.toJSONSchema(schema), input).map(({ keys: _, ...each }) => each);
    const { message, details } = inputError(problems);
    return JSON.stringify([message, details]);
  };
  assert(told({ ["k".repeat(100_000)]: 1 }).length < 1000);
  const many = told(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 1])));
  assert(many.length < 5000, `${many.length} characters`);
  assertStringIncludes(many, "and 4980 more");
});

const REFERRING: CameraTypes = [{
  id: "ip",
  options: z.strictObject({ url: z.string(), list: z.array(z.string()).default([]) }),
}];

function referring(value: string, files: Record<string, string> = {}) {
  const sources = {
    env: (name: string) => ({ PW: "s3cret", EMPTY: "", A: "1", B: "2" })[name],
    readFile: (path: string) => {
      const text = files[path];
      if (text === undefined) throw new Deno.errors.NotFound(path);
      return text;
    },
  };
  return parseConfig(`cameras:\n  - id: a\n    type: ip\n    url: ${value}\n`, REFERRING, { sources })
    .cameras[0]?.url;
}

const REFERENCES: [string, string][] = [
  ["${PW}", "s3cret"],
  ["rtsp://u:${PW}@h/", "rtsp://u:s3cret@h/"],
  ["${A}-${B}-${A}", "1-2-1"],
  ['"${EMPTY}"', ""],
  ["$${PW}", "${PW}"],
  ["$$${PW}", "$${PW}"],
  ["$PW and ${} and ${9} and $", "$PW and ${} and ${9} and $"],
  ["{file: /run/secret}", "from a file"],
  ["{file: /run/lines}", "one\ntwo"],
];
for (const [value, expected] of REFERENCES) {
  Deno.test(`parseConfig: ${value} becomes ${JSON.stringify(expected)}`, () => {
    assertEquals(
      referring(value, { "/run/secret": "from a file\n", "/run/lines": "one\ntwo\r\n" }),
      expected,
    );
  });
}

Deno.test("parseConfig: what a reference brings is not looked through again", () => {
  assertEquals(referring("{file: /f}", { "/f": "${PW}" }), "${PW}");
});

Deno.test("parseConfig: a variable that is not set is told with name, place and line", () => {
  const error = assertThrows(() => referring("rtsp://${NOT_SET}/"), ConfigError);
  const [problem] = error.problems;
  assertEquals([problem?.path, problem?.line, error.problems.length], ["cameras[0].url", 4, 1]);
  assertStringIncludes(problem?.message ?? "", "NOT_SET is not set");
});

Deno.test("parseConfig: a file that cannot be read is told with path, place and line", () => {
  const error = assertThrows(() => referring("{file: /run/gone}"), ConfigError);
  const [problem] = error.problems;
  assertEquals([problem?.path, problem?.line, error.problems.length], ["cameras[0].url", 4, 1]);
  assertStringIncludes(problem?.message ?? "", "/run/gone cannot be read: NotFound");
});

Deno.test("loadConfig: the file named wins over the environment's, that over the usual one, that over the defaults", async () => {
  const before = { folder: Deno.cwd(), named: Deno.env.get("TAPO_CAMERA_MCP_CONFIG") };
  const folder = await Deno.makeTempDir();
  Deno.chdir(folder);
  Deno.env.delete("TAPO_CAMERA_MCP_CONFIG");
  try {
    const load = async (named?: string) => {
      const { config, path } = await loadConfig(named, DRIVERS);
      return [path, config.server.port];
    };
    assertEquals(await load(), [undefined, 7777]);
    await Deno.writeTextFile("config.yaml", "server: {port: 1}\n");
    await Deno.writeTextFile("env.yaml", "server: {port: 2}\n");
    await Deno.writeTextFile("named.yaml", "server: {port: 3}\n");
    assertEquals(await load(), ["./config.yaml", 1]);
    Deno.env.set("TAPO_CAMERA_MCP_CONFIG", `${folder}/env.yaml`);
    assertEquals(await load(), [`${folder}/env.yaml`, 2]);
    assertEquals(await load("named.yaml"), ["named.yaml", 3]);
    const gone = await assertRejects(() => load("gone.yaml"), HubError);
    assertEquals([gone.kind, gone.message.includes("gone.yaml")], ["not_found", true]);
    Deno.env.set("TAPO_CAMERA_MCP_CONFIG", "also-gone.yaml");
    assertEquals((await assertRejects(() => load(), HubError)).kind, "not_found");
    assertEquals((await assertRejects(() => load(folder), HubError)).kind, "forbidden");
    await Deno.writeTextFile("large.yaml", "#".repeat((1 << 20) + 1));
    assertEquals((await assertRejects(() => load("large.yaml"), HubError)).kind, "invalid_input");
  } finally {
    Deno.chdir(before.folder);
    if (before.named === undefined) Deno.env.delete("TAPO_CAMERA_MCP_CONFIG");
    else Deno.env.set("TAPO_CAMERA_MCP_CONFIG", before.named);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("problemText says once what is expected, in the hub's own words", () => {
  const schema = z.strictObject({ name: z.string().trim().min(1).max(100), port: z.int().max(65535) });
  const input = { name: "  ", port: 70000 };
  const { error } = schema.safeParse(input);
  assertEquals(toProblems(error!, z.toJSONSchema(schema), input).map(problemText), [
    "name: Too short; expected at least 1 character",
    "port: Too large; expected at most 65535",
  ]);
});

Deno.test("[MOTION-RULES] parseConfig: motion for all cameras and for one; a wrong zone is told with its place", () => {
  const { motion, cameras } = parse(
    "motion: {detector: off}\ncameras: [{id: a, type: testpattern, motion: {sensitivity: 70}}]",
  );
  assertEquals([motion.detector, motion.sensitivity], ["off", 50]);
  assertEquals([cameras[0]?.motion?.detector, cameras[0]?.motion?.sensitivity], ["auto", 70]);
  const [problem] = problems("motion: {zones: [{points: [{x: 0, y: 2}, {x: 1, y: 0}, {x: 1, y: 1}]}]}");
  assertStringIncludes(JSON.stringify(problem), "motion");
});
