// What rules make of events, of values and of time: tables of what comes and what is done.
import { assertEquals } from "@std/assert";
import { fitsEvent } from "../../../src/alerts/rule_fit.ts";
import { alertRule, alertsSection, rulesInForce } from "../../../src/config/alerts.ts";
import { Script } from "./script.ts";

const person = { id: "p", when: { events: ["person"] }, severity: "warning" };
const one = (rule: Record<string, unknown>, section: Record<string, unknown> = {}) =>
  new Script({ rules: [{ ...person, ...rule }], ...section });

Deno.test("[ALERT-THRESHOLDS] rules: four thresholds hold without a word in the file", () => {
  const rules = rulesInForce(alertsSection.parse({})).filter(({ when }) => when.external === undefined);
  assertEquals(rules.map(({ id, when }) => [id, when.metric, when.above]), [
    ["camera-offline", "offline_s", 300],
    ["high-latency", "latency_ms", 1000],
    ["high-temperature", "temperature_c", 60],
    ["motion-burst", "motion_per_min", 10],
  ]);
  const changed = alertsSection.parse({
    thresholds: { offline_s: 60, latency_ms: false },
    rules: [{ id: "motion-burst", enabled: false, when: { events: ["motion"] } }],
  });
  assertEquals(rulesInForce(changed).map(({ id, when }) => [id, when.above]), [
    ["camera-offline", 60],
    ["high-temperature", 60],
    ["external-alerts", undefined],
  ]);
  assertEquals(rulesInForce(alertsSection.parse({ enabled: false })), []);
});

Deno.test("[ALERT-THRESHOLDS] rules: each of the four fires above its threshold, lasts, and is over with hysteresis", () => {
  const cases: [
    metric: "offline_s" | "latency_ms" | "temperature_c" | "motion_per_min",
    rule: string,
    at: number,
    forS: number,
    clear: number,
  ][] = [
    ["offline_s", "camera-offline", 300, 0, 0],
    ["latency_ms", "high-latency", 1000, 120, 800],
    ["temperature_c", "high-temperature", 60, 60, 57],
    ["motion_per_min", "motion-burst", 10, 0, 5],
  ];
  for (const [metric, rule, at, forS, clear] of cases) {
    const script = new Script({ thresholds: {} });
    assertEquals(script.tick([metric, at, "door"]), [], `${metric} at its threshold`);
    const first = script.tick([metric, at + 1, "door"]);
    assertEquals(first, forS > 0 ? ["wait"] : [`open 1 ${rule} a+b+c`], metric);
    if (forS > 0) {
      assertEquals(script.wait(forS - 1).tick([metric, at + 1, "door"]), []);
      assertEquals(script.wait(1).tick([metric, at + 1, "door"]), [`open 1 ${rule} a+b+c`]);
    }
    assertEquals(script.wait(5).tick([metric, clear + 0.1, "door"]), [], `${metric} is not clear yet`);
    assertEquals(script.wait(5).tick([metric, clear, "door"]), ["resolve 1 a+b+c"], metric);
  }
});

Deno.test("[ALERT-LASTING] rules: a camera's state is told when it is another one, and keeps nothing else from being told", () => {
  const rule = { id: "all", when: { events: ["camera_state", "motion", "recording"] }, severity: "info" };
  const script = new Script({ rules: [{ ...rule, cooldown_s: 60 }] });
  const online = { details: { status: "online" } };
  const offline = { details: { status: "offline" } };
  assertEquals(script.event("s1", "camera_state", online), ["open 1 all a+b+c"]);
  assertEquals(script.wait(5).event("r1", "recording"), ["open 2 all a+b+c"]);
  assertEquals(script.wait(5).event("m1", "motion"), ["open 3 all a+b+c"]);
  assertEquals(script.wait(5).end("m1", "motion"), ["resolve 3 silently"]);
  // Three days later it goes away: its end as online is no like of that.
  assertEquals(script.wait(3 * 86_400).end("s1", "camera_state", online), ["resolve 1 silently"]);
  assertEquals(script.event("s2", "camera_state", offline), ["open 4 all a+b+c"]);
  // The same state anew, as where only its reason changes, is.
  assertEquals(script.wait(1).end("s2", "camera_state", offline), ["resolve 4 silently"]);
  assertEquals(script.event("s3", "camera_state", offline), ["extend 4"]);
});

Deno.test("rules: a value that falls back before its time starts anew", () => {
  const script = new Script({ thresholds: {} });
  assertEquals(script.tick(["temperature_c", 61]), ["wait"]);
  assertEquals(script.wait(59).tick(["temperature_c", 60]), ["forget"]);
  assertEquals(script.wait(1).tick(["temperature_c", 61]), ["wait"]);
  assertEquals(script.wait(60).tick(["temperature_c", 61]), ["open 1 high-temperature a+b+c"]);
});

Deno.test("rules: below works as above does", () => {
  const script = new Script({
    rules: [{ id: "cold", when: { metric: "temperature_c", below: 5, clear_at: 8 } }],
  });
  assertEquals(script.tick(["temperature_c", 5]), []);
  assertEquals(script.tick(["temperature_c", 4]), ["open 1 cold a+b+c"]);
  assertEquals(script.tick(["temperature_c", 7.9]), []);
  assertEquals(script.tick(["temperature_c", 8]), ["resolve 1 a+b+c"]);
});

Deno.test("rules: what is not known is neither good nor bad; after two minutes its alert is over", () => {
  const script = new Script({ thresholds: {} });
  assertEquals(script.tick(["offline_s", 301, "door"]), ["open 1 camera-offline a+b+c"]);
  assertEquals(script.wait(119).tick(), []);
  assertEquals(script.tick(["offline_s", 420, "door"]), []);
  assertEquals(script.wait(119).tick(), []);
  assertEquals(script.wait(1).tick(), ["resolve 1 a+b+c"]);
});

Deno.test("rules: each camera has alerts of its own", () => {
  const script = new Script({ thresholds: {} });
  assertEquals(script.tick(["offline_s", 301, "door"], ["offline_s", 301, "yard"]), [
    "open 1 camera-offline a+b+c",
    "open 2 camera-offline a+b+c",
  ]);
  assertEquals(script.tick(["offline_s", 0, "door"], ["offline_s", 306, "yard"]), ["resolve 1 a+b+c"]);
});

Deno.test("rules: an event is told once, its like within the cooldown is counted, later it is told again", () => {
  const script = one({ cooldown_s: 60 });
  assertEquals(script.event("1", "person"), ["open 1 p a+b+c"]);
  assertEquals(script.wait(10).end("1", "person"), ["resolve 1 silently"]);
  assertEquals(script.wait(10).event("2", "person"), ["extend 1"]);
  assertEquals(script.wait(10).end("2", "person"), ["resolve 1 silently"]);
  assertEquals(script.wait(59).event("3", "person", { isOver: true }), ["extend 1"]);
  assertEquals(script.wait(60).event("4", "person", { isOver: true }), ["open 2 p a+b+c"]);
});

Deno.test("rules: the end of an event is told where that is wanted, with the last of its events, and once", () => {
  const script = one({ resolve: true });
  assertEquals(script.event("1", "person"), ["open 1 p a+b+c"]);
  assertEquals(script.event("2", "person"), ["extend 1"]);
  assertEquals(script.end("1", "person"), ["release 1"]);
  assertEquals(script.end("2", "person"), ["resolve 1 a+b+c"]);
  assertEquals(script.end("2", "person"), []);
  assertEquals(script.event("3", "person"), ["extend 1"]);
  assertEquals(script.end("3", "person"), ["resolve 1 silently"]);
});

Deno.test("rules: only an event that lasts longer than for_s is told", () => {
  const script = one({ when: { events: ["person"], for_s: 20 } });
  assertEquals(script.event("1", "person"), ["wait"]);
  assertEquals(script.wait(19).tick(), []);
  assertEquals(script.end("1", "person"), ["forget"]);
  assertEquals(script.wait(60).tick(), []);
  assertEquals(script.event("2", "person"), ["wait"]);
  assertEquals(script.wait(20).tick(), ["forget", "open 1 p a+b+c"]);
  assertEquals(script.event("3", "person", { isOver: true }), []);
});

Deno.test("[ALERT-QUIET] rules: in quiet hours and while snoozed an alert is kept and nobody is told, but for what is critical", () => {
  const quiet_hours = [{ from: "22:00", to: "07:00" }];
  for (
    const [hours, minutes, told] of [[21, 59, "a+b+c"], [22, 0, "quiet_hours"], [6, 59, "quiet_hours"], [
      7,
      0,
      "a+b+c",
    ]] as const
  ) {
    assertEquals(one({}, { quiet_hours }).at(hours, minutes).event("1", "person"), [`open 1 p ${told}`]);
  }
  assertEquals(one({ severity: "critical" }, { quiet_hours }).at(23).event("1", "person"), [
    "open 1 p a+b+c",
  ]);
  const snoozed = one({ severity: "critical", resolve: true, escalate: [{ after_min: 1, channels: ["b"] }] });
  snoozed.snoozed = ["p"];
  assertEquals(snoozed.event("1", "person"), ["open 1 p snoozed"]);
  assertEquals(snoozed.wait(120).tick(), []);
  assertEquals(snoozed.end("1", "person"), ["resolve 1 silently"]);
});

Deno.test("rules: a schedule holds in local time, over midnight, on its days", () => {
  const cases: [windows: unknown[], hours: number, isTold: boolean][] = [
    [[], 3, true],
    [[{ from: "09:00", to: "17:00" }], 8, false],
    [[{ from: "09:00", to: "17:00" }], 9, true],
    [[{ from: "09:00", to: "17:00" }], 17, false],
    [[{ days: ["wed"] }], 23, true],
    [[{ days: ["thu"] }], 12, false],
    // Tuesday night goes on into Wednesday morning, Wednesday night does not begin before the evening.
    [[{ days: ["tue"], from: "22:00", to: "06:00" }], 5, true],
    [[{ days: ["tue"], from: "22:00", to: "06:00" }], 23, false],
    [[{ days: ["wed"], from: "22:00", to: "06:00" }], 5, false],
    [[{ days: ["mon"] }, { from: "12:00", to: "13:00" }], 12, true],
  ];
  for (const [schedule, hours, isTold] of cases) {
    const actions = one({ schedule }).at(hours).event("1", "person");
    assertEquals(actions.length, isTold ? 1 : 0, `${JSON.stringify(schedule)} at ${hours}`);
  }
});

Deno.test("[ALERT-ARMED] rules: a rule for an armed house holds in its modes only", () => {
  for (
    const [mode, isTold] of [["home", false], ["disarmed", false], ["away", true], ["night", true]] as const
  ) {
    const script = one({ armed: "when_armed" });
    script.mode = mode;
    assertEquals(script.event("1", "person").length, isTold ? 1 : 0, mode);
  }
  const atHome = one({ armed: "when_armed", modes: ["home"] });
  atHome.mode = "home";
  assertEquals(atHome.event("1", "person"), ["open 1 p a+b+c"]);
  atHome.mode = "disarmed";
  assertEquals(atHome.end("1", "person"), ["resolve 1 silently"], "what has begun ends in every mode");
});

Deno.test("[ALERT-ESCALATE] rules: step by step others are told, until somebody acknowledges", () => {
  const escalate = [{ after_min: 5, channels: ["b"] }, { after_min: 15, channels: ["c", "a"] }];
  const script = one({ channels: ["a"], escalate });
  assertEquals(script.event("1", "person", { isOver: true }), ["open 1 p a"]);
  assertEquals(script.wait(299).tick(), []);
  assertEquals(script.wait(1).tick(), ["escalate 1 1 b"]);
  assertEquals(script.wait(599).tick(), []);
  assertEquals(script.wait(1).tick(), ["escalate 1 2 a+c"]);
  assertEquals(script.wait(6000).tick(), []);

  const seen = one({ channels: ["a"], escalate });
  seen.event("1", "person");
  seen.acknowledge();
  assertEquals(seen.wait(3000).tick(), []);

  const over = new Script({
    rules: [{ id: "hot", when: { metric: "temperature_c", above: 60 }, channels: ["a"], escalate }],
  });
  assertEquals(over.tick(["temperature_c", 61]), ["open 1 hot a"]);
  assertEquals(over.tick(["temperature_c", 50]), ["resolve 1 a"]);
  assertEquals(over.wait(3000).tick(["temperature_c", 50]), [], "a metric that is over needs nobody");
});

Deno.test("rules: a channel takes what is severe enough for it", () => {
  const channels = [
    { id: "a", type: "webhook", url: "http://a.test/", min_severity: "critical" },
    { id: "b", type: "webhook", url: "http://b.test/" },
  ];
  assertEquals(one({ severity: "warning" }, { channels }).event("1", "person"), ["open 1 p b"]);
  assertEquals(one({ severity: "critical" }, { channels }).event("1", "person"), ["open 1 p a+b"]);
  assertEquals(one({}, { channels: [] }).event("1", "person"), ["open 1 p nobody"]);
});

Deno.test("rules: a rule that is gone leaves nothing firing", () => {
  const script = one({});
  script.event("1", "person");
  for (const [group, alert] of script.state.alerts) {
    script.state.alerts.set(group, { ...alert, rule: "gone" });
  }
  assertEquals(script.tick(), ["resolve 1 silently"]);
});

Deno.test("fitsEvent: kind, camera, status, zone, score", () => {
  const cases: [
    when: Record<string, unknown>,
    cameras: string[],
    event: Record<string, unknown>,
    fits: boolean,
  ][] = [
    [{ events: ["person"] }, [], { kind: "person" }, true],
    [{ events: ["person"] }, [], { kind: "motion" }, false],
    [{ events: ["person", "motion"] }, ["door"], { kind: "motion", camera: "door" }, true],
    [{ events: ["person"] }, ["yard"], { kind: "person", camera: "door" }, false],
    [{ events: ["login"] }, ["yard"], { kind: "login" }, false],
    [{ events: ["camera_state"], status: ["auth_required"] }, [], {
      kind: "camera_state",
      details: { status: "auth_required" },
    }, true],
    [{ events: ["camera_state"], status: ["auth_required"] }, [], {
      kind: "camera_state",
      details: { status: "online" },
    }, false],
    [{ events: ["motion"], zones: ["Path"] }, [], { kind: "motion", details: { zone: "Path" } }, true],
    [{ events: ["motion"], zones: ["Path"] }, [], { kind: "motion" }, false],
    [{ events: ["person"], min_score: 0.7 }, [], { kind: "person", details: { score: 0.7 } }, true],
    [{ events: ["person"], min_score: 0.7 }, [], { kind: "person", details: { score: 0.69 } }, false],
    [{ events: ["person"], min_score: 0.7 }, [], { kind: "person" }, true],
  ];
  for (const [when, cameras, event, fits] of cases) {
    const rule = alertRule.parse({ id: "r", when, cameras });
    const seen = { key: "1", isOver: false, kind: "", ...event };
    assertEquals(fitsEvent(rule, seen), fits, JSON.stringify([when, cameras, event]));
  }
});
