// A program that writes a history as fast as it can, tells how many rows it has written, and is killed at any moment.
// Arguments: the file, and a number that no other run has.
// deno-lint-ignore-file no-console -- it tells its parent
import { Archive } from "../../../../src/metrics/history/archive.ts";
import { encoded } from "../../../../src/metrics/history/series.ts";
import { Database } from "../../../../src/store/database.ts";
import { BEGIN, HOUR } from "./records.ts";

const [path = "", turn = "0"] = Deno.args;
const archive = await Archive.open(await Database.open(path, undefined, "history"));
let nowMs = BEGIN + Number(turn) * 1000 * HOUR;
let written = 0;
for (;;) {
  const ticks = Array.from({ length: 100 }, () => {
    nowMs += 60_000;
    return { atMs: nowMs, rows: new Map([["door", encoded("door", { viewers: 2 })]]) };
  });
  written += await archive.write(ticks, nowMs);
  console.log(written);
}
