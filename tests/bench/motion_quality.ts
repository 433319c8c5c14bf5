// The table of docs/motion.md: what the detector makes of clips with known motion, by several rules.
// deno-lint-ignore-file no-console -- it prints for people
// Run it with: .toolchain/deno run --config tests/deno.json --allow-all tests/bench/motion_quality.ts
import { motionRules } from "../../src/config/camera_rules.ts";
import { CLIPS, picturesOf } from "../tools/motion_clips.ts";
import { type ClipResult, detect, score } from "../tools/motion_quality.ts";

const COLUMNS = [
  { title: "25", rules: motionRules.parse({ sensitivity: 25 }) },
  { title: "50 (default)", rules: motionRules.parse({}) },
  { title: "75", rules: motionRules.parse({ sensitivity: 75 }) },
  { title: "50, 0.6 s", rules: motionRules.parse({ min_duration_s: 0.6 }) },
].map((column) => ({ ...column, results: [] as ClipResult[] }));

function print(...cells: string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function cell({ stretches, found, falseAlarms, delayS }: ClipResult): string {
  const alarms = falseAlarms === 0 ? [] : [`**${falseAlarms} false**`];
  if (stretches === 0) return alarms[0] ?? "quiet";
  const told = found === 0 ? "**missed**" : `after ${(delayS ?? 0).toFixed(1)} s`;
  return [found > 0 && found < stretches ? `${told}, **${stretches - found} missed**` : told, ...alarms].join(
    ", ",
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

print("Clip", "What is in it", ...COLUMNS.map(({ title }) => title));
print(...new Array<string>(2 + COLUMNS.length).fill("---"));
for (const clip of CLIPS) {
  const pictures = await picturesOf(clip);
  for (const { rules, results } of COLUMNS) results.push(detect(clip, pictures, rules));
  print(clip.name, clip.what, ...COLUMNS.map(({ results }) => cell(results.at(-1)!)));
}
const totals = COLUMNS.map(({ results }) => score(results));
print("**Precision**", "", ...totals.map(({ precision }) => percent(precision)));
print("**Recall**", "", ...totals.map(({ recall }) => percent(recall)));
