// The section `alerts`: every example is right, every mistake is told with its place, and no secret is shown.
import { parse as parseYaml } from "@std/yaml";
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { Secret } from "../../../src/base/secret.ts";
import { ALERT_EVENTS, alertsSection, rulesInForce } from "../../../src/config/alerts.ts";
import { ConfigError, parseConfig } from "../../../src/config/load.ts";
import { problemText } from "../../../src/config/problems.ts";
import { DRIVERS } from "../../../src/drivers/index.ts";
import { checkAction } from "../../../src/operations/actions.ts";
import { EVENT_KINDS } from "../../../src/events/event.ts";

const SOURCES = { env: () => "a-secret", readFile: () => "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" };

function parse(yaml: string) {
  return parseConfig(yaml, DRIVERS, { sources: SOURCES, checkAction }).alerts;
}

Deno.test("[ALERT-CONFIG] docs/alerts.md: every example is accepted, all of them together", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/alerts.md", import.meta.url));
  const sections = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) =>
    parseYaml(yaml).alerts
  );
  const all = (key: string) => sections.flatMap((section) => section[key] ?? []);
  const whole = {
    ...Object.assign({}, ...sections),
    channels: all("channels"),
    rules: all("rules"),
    quiet_hours: all("quiet_hours"),
  };
  const { channels, rules, thresholds } = parse(JSON.stringify({ alerts: whole }));
  assertEquals(channels.map(({ type }) => type), [
    "ntfy",
    "telegram",
    "webhook",
    "operation",
    "operation",
    "operation",
  ]);
  assertEquals(rules.map(({ id }) => id), [
    "people",
    "password-refused",
    "timers",
    "cellar-frost",
    "kitchen-hot",
    "external-alerts",
    "smoke",
  ]);
  assertEquals(thresholds, alertsSection.parse({}).thresholds);
});

Deno.test("[ALERT-CONFIG] config.example.yaml: has the defaults, and what is commented out of it is accepted", async () => {
  const text = await Deno.readTextFile(new URL("../../../config/config.example.yaml", import.meta.url));
  assertEquals(parse(text), alertsSection.parse({}));
  const uncommented = text.replace(/^ {2}# {2}/gm, "    ").replace(/^ {2}# (link|url):/gm, "  $1:")
    .replace(/^ {2}(channels|rules): \[\]$/gm, "  $1:");
  const { channels, rules, link } = parse(uncommented);
  assertEquals([channels.length, rules.length, link], [7, 2, "http://pi.local:7777"]);
});

Deno.test("[ALERT-CONFIG] mistakes are told with their place and what was meant", () => {
  const channel = "{id: a, type: ntfy, topic: t}";
  const cases: [yaml: string, ...told: string[]][] = [
    ["channels: [{id: a, type: ntfi, topic: t}]", "alerts.channels[0].type", 'did you mean "ntfy"'],
    ["channels: [{id: a, type: ntfy, topics: t}]", "alerts.channels[0].topics", 'did you mean "topic"'],
    ["channels: [{id: a, type: ntfy, topic: a b}]", "alerts.channels[0].topic", "Expected letters, digits"],
    [
      "channels: [{id: a, type: webhook, url: 'ftp://x'}]",
      "alerts.channels[0].url",
      "https://example.org/hook",
    ],
    ["channels: [{id: a, type: telegram, token: x, chat_id: 1}]", "alerts.channels[0].token", "@BotFather"],
    [
      "channels: [{id: a, type: webhook, url: 'http://x', headers: {Host: y}}]",
      "headers",
      "does not set itself",
    ],
    [`channels: [${channel}, ${channel}]`, "alerts.channels[1].id", "already used"],
    ["rules: [{id: r, when: {events: [persn]}}]", "alerts.rules[0].when.events[0]", 'did you mean "person"'],
    ["rules: [{id: r, when: {}}]", "alerts.rules[0].when", "either events, a metric or external"],
    ["rules: [{id: r, when: {external: {}, above: 5}}]", "when.above", "not to external"],
    ["rules: [{id: r, when: {external: {nam: x}}}]", "when.external.nam", 'did you mean "name"'],
    ["rules: [{id: r, when: {metric: offline_s}}]", "alerts.rules[0].when.above", "above or below"],
    ["rules: [{id: r, when: {metric: temperature_c, above: 5, clear_at: 6}}]", "clear_at", "at most above"],
    ["rules: [{id: r, when: {events: [person], above: 5}}]", "when.above", "Belongs to a metric"],
    ["rules: [{id: r, when: {metric: offline_s, above: 5, zones: [a]}}]", "when.zones", "Belongs to events"],
    [
      "rules: [{id: r, when: {events: [person]}, channels: [b]}]",
      "alerts.rules[0].channels[0]",
      'no channel "b"',
    ],
    [
      `channels: [${channel}]\n  rules: [{id: r, when: {events: [gap]}, escalate: [{after_min: 1, channels: [b]}]}]`,
      "alerts.rules[0].escalate[0].channels[0]",
      "known: a",
    ],
    ["rules: [{id: r, when: {events: [alert]}}]", "alerts.rules[0].when.events[0]", "is not possible"],
    ["thresholds: {offline_s: soon}", "alerts.thresholds.offline_s", "or false"],
    ["thresholds: {ofline_s: 1}", "alerts.thresholds.ofline_s", 'did you mean "offline_s"'],
    ["quiet_hours: [{from: '25:00'}]", "alerts.quiet_hours[0].from", "07:30"],
    ["link: pi.local", "alerts.link", "http://192.168.1.5:7777"],
    ["allow: ['not a host!']", "alerts.allow[0]", "Expected an address"],
  ];
  for (const [yaml, ...told] of cases) {
    const { problems } = assertThrows(() => parse(`alerts:\n  ${yaml}\n`), ConfigError);
    const text = problems.map(problemText).join("\n");
    for (const each of told) assertStringIncludes(text, each);
    assertMatch(text, /^line \d+: /);
  }
});

Deno.test("[ALERT-CONFIG] secrets are shown nowhere: not printed, not in JSON, not in an error", () => {
  const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  const yaml = `alerts:
  channels:
    - {id: a, type: webhook, url: "https://h.example/k-secret-1", secret: k-secret-2, headers: {X-A: k-secret-3}}
    - {id: b, type: ntfy, topic: k-secret-4, token: k-secret-5}
    - {id: c, type: telegram, token: "${token}", chat_id: 5}
`;
  const { channels } = parse(yaml);
  const shown = JSON.stringify(channels) + Deno.inspect(channels, { depth: 9 }) + String(channels);
  assert(!/k-secret|AAHdq/.test(shown), shown);
  const [webhook] = channels;
  assert(webhook?.type === "webhook" && webhook.url instanceof Secret);
  assertEquals(webhook.url.reveal(), "https://h.example/k-secret-1");
  const wrong = yaml.replace("chat_id: 5", "chat_id: [k]").replace("https:", "ftp:").replace(
    `"${token}"`,
    "k-secret-6",
  );
  const error = assertThrows(() => parse(wrong), ConfigError);
  assertEquals(error.problems.length, 3);
  assert(!/k-secret|AAHdq/.test(error.message + JSON.stringify(error.details)), error.message);
});

Deno.test("ALERT_EVENTS: every kind of the journal but alerts themselves can be told of", () => {
  const known: readonly string[] = ALERT_EVENTS;
  assertEquals(EVENT_KINDS.filter((kind) => !known.includes(kind) && String(kind) !== "alert"), []);
});

Deno.test("rulesInForce: a rule of the file replaces the built-in one of its id", () => {
  const { rules } = alertsSection.parse({
    rules: [{ id: "camera-offline", when: { metric: "offline_s", above: 30 }, severity: "info" }],
  });
  const found = rulesInForce(alertsSection.parse({ rules })).filter(({ id }) => id === "camera-offline");
  assertEquals(found.map(({ when, severity }) => [when.above, severity]), [[30, "info"]]);
});

Deno.test("[ALERT-CONFIG] docs/channels.md: every channel is accepted; one without its broker is told with its place", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/channels.md", import.meta.url));
  const blocks = [...text.matchAll(/```yaml\n(- id: .*?)```/gs)].map(([, yaml]) =>
    parseYaml(yaml!) as unknown[]
  );
  const channels = blocks.flat().map((each) =>
    JSON.parse(JSON.stringify(each, (key, value) => key === "password" ? "x" : value))
  );
  assertEquals(channels.map(({ type }) => type).sort(), ["email", "mqtt", "web_push"]);
  const sections = { alerts: { channels }, mqtt: { url: "mqtt://192.168.1.2" } };
  assertEquals(parse(JSON.stringify(sections)).channels.length, 3);
  const error = assertThrows(() => parse(JSON.stringify({ alerts: sections.alerts })), ConfigError);
  assertMatch(String(error.problems[0]?.path), /^alerts\.channels\[\d\]$/);
});
