// What becomes of a device's chatter: merged, debounced, ended by itself, split. Tables of what is told and what follows.
import { assertEquals } from "@std/assert";
import { DEFAULT_TIMES, EventPolicy } from "../../../src/events/policy.ts";
import { play, step } from "./policy_script.ts";

const TABLE: [string, string[], string[]][] = [
  ["a rise opens, a fall closes", ["0 motion +", "5 motion -"], ["0 open motion on", "5 close motion told"]],
  ["repeated rises extend", ["0 motion +", "3 motion +", "5 motion +"], [
    "0 open motion on",
    "3 extend motion on",
    "5 extend motion on",
  ]],
  ["a fall without an event is nothing", ["0 motion -", "1 motion -"], []],
  ["a second fall is nothing", ["0 motion +", "1 motion -", "2 motion -"], [
    "0 open motion on",
    "1 close motion told",
  ]],
  ["a rise soon after the end goes on with the same event", ["0 motion +", "5 motion -", "14.9 motion +"], [
    "0 open motion on",
    "5 close motion told",
    "14.9 extend motion on",
  ]],
  ["a rise later than that is another event", ["0 motion +", "5 motion -", "15 motion +"], [
    "0 open motion on",
    "5 close motion told",
    "15 open motion on",
  ]],
  ["kinds do not touch one another", ["0 motion +", "1 person +", "2 motion -", "3 person -"], [
    "0 open motion on",
    "1 open person on",
    "2 close motion told",
    "3 close person told",
  ]],
  ["without a fall it ends when it was last heard of", ["0 motion +", "8 motion +", "67.9 tick", "68 tick"], [
    "0 open motion on",
    "8 extend motion on",
    "8 close motion timeout",
  ]],
  ["a deadline that nobody ticked is kept before what comes next", ["0 motion +", "90 motion +"], [
    "0 open motion on",
    "0 close motion timeout",
    "90 open motion on",
  ]],
  ["a fall after the timeout tells the true end", ["0 motion +", "60 tick", "180 motion -", "181 motion -"], [
    "0 open motion on",
    "0 close motion timeout",
    "180 close motion told",
  ]],
  ["a fall after the timeout and a gap tells nothing", ["0 motion +", "60 tick", "90 miss", "180 motion -"], [
    "0 open motion on",
    "0 close motion timeout",
  ]],
  ["a fall after a gap and the timeout tells nothing", ["0 motion +", "1 miss", "60 tick", "180 motion -"], [
    "0 open motion on",
    "0 close motion timeout",
  ]],
  ["a gap before a further rise is past", ["0 motion +", "1 miss", "2 motion +", "62 tick", "70 motion -"], [
    "0 open motion on",
    "2 extend motion on",
    "2 close motion timeout",
    "70 close motion told",
  ]],
  ["a fall tells the true end however late it is", ["0 motion +", "60 tick", "9000 motion -"], [
    "0 open motion on",
    "0 close motion timeout",
    "9000 close motion told",
  ]],
  ["a gap does not keep an open event from ending", ["0 motion +", "1 miss", "5 motion -"], [
    "0 open motion on",
    "5 close motion told",
  ]],
  ["what is momentary is over at once", ["0 doorbell !"], ["0 open doorbell over"]],
  ["the same ring told twice is one", ["0 doorbell !", "0.4 doorbell !", "0.9 doorbell !"], [
    "0 open doorbell over",
  ]],
  ["two rings are two events", ["0 doorbell !", "1 doorbell !", "3 doorbell !"], [
    "0 open doorbell over",
    "1 open doorbell over",
    "3 open doorbell over",
  ]],
  ["a bell that rises and falls is not merged either", ["0 doorbell +", "1 doorbell -", "4 doorbell +"], [
    "0 open doorbell on",
    "1 close doorbell told",
    "4 open doorbell on",
  ]],
  ["other momentary ones soon after each other are merged", ["0 motion !", "4 motion !", "13 motion !"], [
    "0 open motion over",
    "4 extend motion over",
    "13 extend motion over",
  ]],
  ["other momentary ones later are events of their own", ["0 motion !", "10 motion !"], [
    "0 open motion over",
    "10 open motion over",
  ]],
  ["a momentary one in an open event extends it", ["0 motion +", "5 motion !", "8 motion -"], [
    "0 open motion on",
    "5 extend motion on",
    "8 close motion told",
  ]],
  ["a rise soon after a momentary one goes on with it", ["0 motion !", "2 motion +", "4 motion -"], [
    "0 open motion over",
    "2 extend motion on",
    "4 close motion told",
  ]],
  ["when the device is lost, what is open ends", ["0 motion +", "2 person +", "4 person -", "5 lost"], [
    "0 open motion on",
    "2 open person on",
    "4 close person told",
    "5 close motion device_lost",
  ]],
  ["after a loss nothing is merged", ["0 motion +", "5 lost", "6 motion +", "7 lost", "8 motion -"], [
    "0 open motion on",
    "5 close motion device_lost",
    "6 open motion on",
    "7 close motion device_lost",
  ]],
  ["a loss after the deadline ends it where the deadline does", ["0 motion +", "99 lost"], [
    "0 open motion on",
    "0 close motion timeout",
  ]],
];

for (const [name, script, expected] of TABLE) {
  Deno.test(`[EVENT-POLICY] EventPolicy: ${name}`, () => assertEquals(play(script), expected));
}

const every = (seconds: number, until: number, sign: string) =>
  Array.from({ length: until / seconds + 1 }, (_, i) => `${i * seconds} motion ${sign}`);

Deno.test("EventPolicy: what goes on without end is split after ten minutes, and goes on", () => {
  const actions = play(every(30, 1230, "+")).filter((each) => !each.includes("extend"));
  assertEquals(actions, [
    "0 open motion on",
    "600 close motion split",
    "600 open motion on",
    "1200 close motion split",
    "1200 open motion on",
  ]);
});

Deno.test("EventPolicy: momentary ones without end are split as well, and so is what reopens again and again", () => {
  const opens = (script: string[]) => play(script).filter((each) => each.includes("open"));
  assertEquals(opens(every(5, 1200, "!")), [
    "0 open motion over",
    "600 open motion over",
    "1200 open motion over",
  ]);
  const blinking = every(5, 700, "+").flatMap((line, i) => [line, `${i * 5 + 1} motion -`]);
  assertEquals(opens(blinking), ["0 open motion on", "600 open motion on"]);
});

Deno.test("EventPolicy: tells what goes on, and when it wants to be woken", () => {
  const policy = new EventPolicy<string>();
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [[], undefined]);
  play(["0 motion +", "5 person +", "20 motion +", "21 doorbell !"], policy);
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [["motion", "person"], 65_000]);
  play(["65 tick"], policy);
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [["motion"], 80_000]);
  play(["66 motion -"], policy);
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [[], undefined]);
});

Deno.test("EventPolicy: takes other times", () => {
  const policy = new EventPolicy<string>({ mergeGapMs: 2000, activeTimeoutMs: 5000 });
  assertEquals(play(["0 motion +", "1 motion -", "3 motion +", "8 tick"], policy), [
    "0 open motion on",
    "1 close motion told",
    "3 open motion on",
    "3 close motion timeout",
  ]);
  assertEquals(DEFAULT_TIMES.mergeGapMs, 10_000);
});

Deno.test("EventPolicy: whatever comes, opening, extending and closing alternate as they must", () => {
  let state = 1;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  const policy = new EventPolicy<string>();
  const open = new Set<string>();
  const known = new Set<string>();
  for (let at = 0, i = 0; i < 20_000; i++, at += random(20_000) / 1000) {
    const kind = ["motion", "doorbell"][random(2)];
    const told = `${at} ${kind}@${random(3)} ${"^+-!"[random(4)]}`;
    const line = random(40) === 0 ? `${at} lost` : random(40) === 0 ? `${at} miss` : told;
    for (const action of step(policy, line)) {
      if (action.type === "open") {
        assertEquals(open.has(action.kind), false, line);
        known.add(action.kind);
      } else assertEquals(known.has(action.kind), true, line);
      if (action.type === "close" || action.isMomentary) open.delete(action.kind);
      else open.add(action.kind);
    }
    assertEquals([...open].sort(), policy.activeKinds.sort(), line);
  }
});
