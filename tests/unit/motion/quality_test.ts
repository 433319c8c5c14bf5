// Precision and recall of the detector on a few clips; the whole table is in docs/motion.md.
import { assert, assertEquals } from "@std/assert";
import { motionRules } from "../../../src/config/camera_rules.ts";
import { CLIPS, picturesOf } from "../../tools/motion_clips.ts";
import { detect, score } from "../../tools/motion_quality.ts";

const NAMES = [
  "person, walking",
  "person, walking, little contrast",
  "cat",
  "very fast",
  "person at night, noise",
  "comes, stands, goes",
  "night begins",
  "flash",
  "rain",
  "camera pans",
  "swaying branches",
  "camera shakes",
];

Deno.test("[MOTION-QUALITY] [MOTION-LIGHT] motion is found and nothing else is", async () => {
  const clips = CLIPS.filter(({ name }) => NAMES.includes(name));
  assertEquals(clips.length, NAMES.length);
  const results = [];
  for (const clip of clips) results.push(detect(clip, await picturesOf(clip), motionRules.parse({})));
  const { precision, recall } = score(results);
  assert(precision >= 0.9 && recall >= 0.9, JSON.stringify({ precision, recall, results }));
});
