// How long states last whose ends are told, told late, or never told; and states of several sources. Tables.
import { assertEquals } from "@std/assert";
import { EventPolicy } from "../../../src/events/policy.ts";
import { play } from "./policy_script.ts";

/** A state that is told as it should be: it begins, and it ends. */
const TOLD = ["0 motion ^", "5 motion -"];
const STATES: [string, string[], string[]][] = [
  ["told once lasts until its end is told", ["0 motion ^", "60 tick", "600 tick", "900 motion -"], [
    "0 open motion on",
    "900 close motion told",
  ]],
  ["whose end is never told is given up after an hour", ["0 motion ^", "3599 tick", "3600 tick"], [
    "0 open motion on",
    "0 close motion timeout",
  ]],
  ["that was given up ends when that is told after all", ["0 motion ^", "3600 tick", "5400 motion -"], [
    "0 open motion on",
    "0 close motion timeout",
    "5400 close motion told",
  ]],
  ["of a camera that tells no ends is given up after a minute from then on", [
    ...["0 motion ^", "3600 tick"],
    ...["4000 motion ^", "4060 tick"],
  ], ["0 open motion on", "0 close motion timeout", "4000 open motion on", "4000 close motion timeout"]],
  ["is waited for again when an end was told, late as it was", [
    ...["0 motion ^", "3600 tick"],
    ...["4000 motion ^", "4060 tick", "4900 motion -"],
    ...["5000 motion ^", "5060 tick", "5900 motion -"],
  ], [
    "0 open motion on",
    "0 close motion timeout",
    "4000 open motion on",
    "4000 close motion timeout",
    "4900 close motion told",
    "5000 open motion on",
    "5900 close motion told",
  ]],
  ["told again and again in place of an end is over a minute after the last time", [
    ...["0 motion ^", "30 motion ^", "80 motion ^", "139 tick", "140 tick"],
  ], ["0 open motion on", "30 extend motion on", "80 extend motion on", "80 close motion timeout"]],
  ["told again and again is split after ten minutes", [
    ...Array.from({ length: 13 }, (_, i) => `${i * 50} motion ^`),
  ], [
    "0 open motion on",
    ...Array.from({ length: 11 }, (_, i) => `${i * 50 + 50} extend motion on`),
    "600 close motion split",
    "600 open motion on",
  ]],
  ["told again and again, and its end too, lasts until then", [
    ...["0 motion ^", "30 motion ^", "50 motion -"],
    ...["100 motion ^", "130 motion ^", "500 motion -"],
  ], [
    "0 open motion on",
    "30 extend motion on",
    "50 close motion told",
    "100 open motion on",
    "130 extend motion on",
    "500 close motion told",
  ]],
  ["that begins anew after a minute had ended without a word", ["0 motion ^", "300 motion ^", "360 tick"], [
    "0 open motion on",
    "0 close motion timeout",
    "300 open motion on",
    "300 close motion timeout",
  ]],
  ["that begins anew had ended without a word also where ends were told before", [
    ...TOLD,
    ...["100 motion ^", "400 motion ^", "450 motion -"],
  ], [
    "0 open motion on",
    "5 close motion told",
    "100 open motion on",
    "100 close motion timeout",
    "400 open motion on",
    "450 close motion told",
  ]],
  ["that is not told anew after a gap ends when it was told", [
    "0 motion ^",
    "900 miss",
    "960 tick",
    "999 motion -",
  ], [
    "0 open motion on",
    "0 close motion timeout",
  ]],
  ["of a camera that tells ends lasted until the gap", [
    ...TOLD,
    ...["100 motion ^", "900 miss", "930 miss", "959 tick", "960 tick", "999 motion -"],
  ], ["0 open motion on", "5 close motion told", "100 open motion on", "900 close motion timeout"]],
  ["that is told anew after a gap goes on", [
    "0 motion ^",
    "300 miss",
    "302 motion ^",
    "362 tick",
    "500 motion -",
  ], [
    "0 open motion on",
    "302 extend motion on",
    "500 close motion told",
  ]],
  ["that is told anew after a gap and ten minutes is split", ["0 motion ^", "700 miss", "702 motion ^"], [
    "0 open motion on",
    "702 close motion split",
    "702 open motion on",
  ]],
  ["that is told to be over after a gap ends then, and has not shown that it tells ends", [
    ...["0 motion ^", "300 miss", "302 motion -"],
    ...["400 motion ^", "700 lost"],
  ], [
    "0 open motion on",
    "302 close motion told",
    "400 open motion on",
    "400 close motion timeout",
  ]],
  ["of a camera that tells ends lasts until the device is lost", [...TOLD, "100 motion ^", "900 lost"], [
    "0 open motion on",
    "5 close motion told",
    "100 open motion on",
    "900 close motion device_lost",
  ]],
  ["that rings is not waited for", ["0 doorbell ^", "60 tick", "70 doorbell ^"], [
    "0 open doorbell on",
    "0 close doorbell timeout",
    "70 open doorbell on",
  ]],
  ["told a moment before the device is lost ends with it", ["0 motion ^", "50 lost"], [
    "0 open motion on",
    "50 close motion device_lost",
  ]],
  ["of a camera that is back is as it was known", [...TOLD, "10 lost", "100 motion ^", "900 lost"], [
    "0 open motion on",
    "5 close motion told",
    "100 open motion on",
    "900 close motion device_lost",
  ]],
];
for (const [name, script, expected] of STATES) {
  Deno.test(`[EVENT-POLICY] EventPolicy: a state ${name}`, () => assertEquals(play(script), expected));
}

const SOURCES: [string, string[], string[]][] = [
  ["of two that began, both have to end", ["0 motion@a ^", "5 motion@b ^", "8 motion@a -", "90 motion@b -"], [
    "0 open motion on",
    "5 extend motion on",
    "90 close motion told",
  ]],
  ["one that never began ends nothing", ["0 motion@a ^", "1 motion@b -", "70 motion@a -"], [
    "0 open motion on",
    "70 close motion told",
  ]],
  ["one that began twice ends once", [
    "0 motion@a ^",
    "5 motion@b ^",
    "6 motion@b ^",
    "7 motion@b -",
    "9 motion@a -",
  ], [
    "0 open motion on",
    "5 extend motion on",
    "6 extend motion on",
    "9 close motion told",
  ]],
  ["the last word of one that falls silent counts for it alone", [
    ...["0 motion@a +", "10 motion@b ^", "60 tick", "100 motion@b -"],
  ], ["0 open motion on", "10 extend motion on", "100 close motion told"]],
  ["the event ends when it was last known to go on, by any of them", [
    ...["0 motion@a +", "10 motion@b +", "20 motion@b -", "60 tick"],
  ], ["0 open motion on", "10 extend motion on", "20 close motion timeout"]],
  ["an end that is told late prolongs the event", [
    ...["0 motion@a +", "10 motion@b ^", "90 motion@b -", "120 motion@a -"],
  ], ["0 open motion on", "10 extend motion on", "90 close motion told", "120 close motion told"]],
  ["an end that is told late concerns no later event of another one", [
    ...["0 motion@a +", "60 tick", "100 motion@b ^", "110 motion@a -", "120 motion@b -", "130 motion@a -"],
  ], ["0 open motion on", "0 close motion timeout", "100 open motion on", "120 close motion told"]],
  ["each shows for itself whether it tells ends", [
    ...["0 motion@a ^", "30 motion@a ^", "90 tick"],
    ...["200 motion@b ^", "260 tick", "300 motion@b -"],
    ...["400 motion@a ^", "460 tick"],
  ], [
    "0 open motion on",
    "30 extend motion on",
    "30 close motion timeout",
    "200 open motion on",
    "300 close motion told",
    "400 open motion on",
    "400 close motion timeout",
  ]],
  ["a split does not end the others", [
    ...["0 motion@a ^", "590 motion@b ^", "600 motion@b ^", "605 motion@b -", "700 motion@a -"],
  ], [
    "0 open motion on",
    "590 extend motion on",
    "600 close motion split",
    "600 open motion on",
    "700 close motion told",
  ]],
  ["what one was known for counts when the device is lost", [
    ...["0 motion@a ^", "10 motion@b ^", "80 motion@b -", "500 lost"],
  ], ["0 open motion on", "10 extend motion on", "80 close motion timeout"]],
];
for (const [name, script, expected] of SOURCES) {
  Deno.test(`[EVENT-POLICY] EventPolicy: of several sources ${name}`, () =>
    assertEquals(play(script), expected));
}

Deno.test("EventPolicy: sources without number are kept within bounds, and end all the same", () => {
  const script = Array.from({ length: 1000 }, (_, i) => [`${i} motion@${i} ^`, `${i}.5 motion@${i} -`])
    .flat();
  const policy = new EventPolicy<string>();
  play(script, policy);
  assertEquals(policy.activeKinds, []);
});

Deno.test("EventPolicy: a state that goes on for a quarter of an hour is active all the time", () => {
  const policy = new EventPolicy<string>();
  play(["0 motion ^", "60 tick", "899 tick"], policy);
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [["motion"], 3_600_000]);
  play(["900 motion -"], policy);
  assertEquals([policy.activeKinds, policy.nextDeadlineMs], [[], undefined]);
});
