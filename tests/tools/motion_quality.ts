// How well the detector tells motion from all else, on clips with known motion.
import type { MotionRules } from "../../src/config/camera_rules.ts";
import { Analyser } from "../../src/motion/analyser.ts";
import { Onset, onsetTimes } from "../../src/motion/onset.ts";
import { type Clip, FPS } from "./motion_clips.ts";

/** What became of one clip. */
export interface ClipResult {
  name: string;
  /** Stretches of motion in it, and how many of them were told. */
  stretches: number;
  found: number;
  /** Events that were told while nothing moved. */
  falseAlarms: number;
  /** From the beginning of the motion to its report, seconds; the mean over those found. */
  delayS: number | undefined;
}

/** Motion is told a little after its beginning, and its end after the last picture with it. */
const LATE_S = 2.5;

/** Plays pictures through the detector. */
export function detect(clip: Clip, pictures: readonly Uint8Array[], rules: MotionRules): ClipResult {
  const analyser = new Analyser(rules);
  const onset = new Onset(onsetTimes(rules));
  const begins: number[] = [];
  pictures.forEach((picture, index) => {
    const { score } = analyser.look(picture);
    if (onset.see(score, index / FPS * 1000) === "begin") begins.push(index / FPS);
  });
  const within = ([from, to]: readonly [number, number]) => (at: number) =>
    at >= from - 0.2 && at <= to + LATE_S;
  const found = clip.motion.filter((stretch) => begins.some(within(stretch)));
  const delays = clip.motion.flatMap((stretch) =>
    begins.filter(within(stretch)).slice(0, 1).map((at) => at - stretch[0])
  );
  return {
    name: clip.name,
    stretches: clip.motion.length,
    found: found.length,
    falseAlarms: begins.filter((at) => !clip.motion.some((stretch) => within(stretch)(at))).length,
    delayS: delays.length === 0 ? undefined : delays.reduce((sum, each) => sum + each, 0) / delays.length,
  };
}

/** Of all results: how many of the reports were right, and how many of the stretches were told. */
export function score(results: readonly ClipResult[]): { precision: number; recall: number } {
  const sum = (of: (result: ClipResult) => number) => results.reduce((total, each) => total + of(each), 0);
  const found = sum((each) => each.found);
  return {
    precision: found / (found + sum((each) => each.falseAlarms)),
    recall: found / sum((each) => each.stretches),
  };
}
