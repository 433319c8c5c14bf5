// When motion is told, and when it is over.
import { assertEquals } from "@std/assert";
import { Onset, onsetTimes } from "../../../src/motion/onset.ts";

/** What is told for scores five times a second, as `begin@SECONDS`. */
function play(minDurationS: number, scores: readonly number[]): string[] {
  const onset = new Onset(onsetTimes({ min_duration_s: minDurationS }));
  return scores.flatMap((score, index) => {
    const told = onset.see(score, index * 200);
    return told ? [`${told}@${index / 5}`] : [];
  });
}

const times = (count: number, score: number) => new Array<number>(count).fill(score);

const CASES: readonly [string, number, number[], string[]][] = [
  ["clear motion is told with the first picture", 0, [0, 0.9, 0.9], ["begin@0.2"]],
  ["weak motion with the second", 0, [0, 0.3, 0.3], ["begin@0.4"]],
  ["weak motion in one picture is not told", 0, [0, 0.3, ...times(20, 0)], []],
  ["weak motion twice, far apart, is not told", 0, [0.3, ...times(5, 0), 0.3, ...times(5, 0)], []],
  ["one picture may miss it", 0, [0.3, 0, 0.3], ["begin@0.4"]],
  ["it is over after two seconds without", 0, [0.9, ...times(15, 0)], ["begin@0", "end@2"]],
  ["a short rest does not end it", 0, [0.9, ...times(8, 0), 0.2, ...times(12, 0)], ["begin@0", "end@3.8"]],
  ["it must last where that is asked for, however clear", 1, times(10, 0.9), ["begin@1"]],
  ["shorter motion is ignored", 1, [...times(4, 0.9), ...times(12, 0)], []],
];

for (const [what, minDurationS, scores, told] of CASES) {
  Deno.test(`[MOTION-HUB] [MOTION-SOON] Onset: ${what}`, () =>
    assertEquals(play(minDurationS, scores), told));
}

Deno.test("[MOTION-HUB] Onset: stopping tells whether there is an end to be told, once", () => {
  const onset = new Onset(onsetTimes({ min_duration_s: 0 }));
  onset.see(0.9, 0);
  assertEquals([onset.isActive, onset.stop(), onset.isActive, onset.stop()], [true, true, false, false]);
});
