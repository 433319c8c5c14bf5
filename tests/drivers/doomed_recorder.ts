// A program that records three cameras by rule in files of a second, tells what it has listed, and is killed at any
// moment. Arguments: the folder, and "repair" to end once what was left is put right. One JSON object a line.
// deno-lint-ignore-file no-console -- it tells its parent
import { recordingRules } from "../../src/config/camera_rules.ts";
import { Database } from "../../src/store/database.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import { withStudio } from "./studio.ts";

const CAMERAS = ["cam", "two", "three"];
const [folder = "", only] = Deno.args;
const tell = (line: object) => console.log(JSON.stringify(line));

await Deno.mkdir(`${folder}/recordings`, { recursive: true });
const database = await Database.open(`${folder}/hub.sqlite`);
const options = { width: 160, height: 120, fps: 15, codec: "h264" };
await withStudio(
  testPatternDriver,
  options,
  async ({ manager, table, rules, repaired, library, retention }) => {
    const insert = table.insert.bind(table);
    table.insert = async (recording) => {
      await insert(recording);
      tell({ listed: recording.id, path: recording.path, sizeBytes: recording.sizeBytes });
    };
    await repaired;
    await library.sweep();
    if (only === "repair") return;
    const { spec } = manager.get("cam");
    for (const id of CAMERAS.slice(1)) await manager.add({ ...spec, id });
    for (const id of CAMERAS) await rules.change(id, "recording", { mode: "continuous" });
    tell({ records: true });
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      // Old ones go meanwhile: neither a row without a file nor a file without a row may be left of them.
      const { recordings } = await library.list({ limit: 500 });
      const old = recordings.slice(60).map(({ id }) => id);
      tell({ discards: old });
      await library.discard(old);
      await retention.enforce();
    }
  },
  {
    root: `${folder}/recordings`,
    database,
    rules: { recording: recordingRules.parse({}) },
    segmentMs: 1000,
    freeSpace: () => Promise.resolve(undefined),
  },
);
await database.close();
