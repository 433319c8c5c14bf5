// The history where nothing can be written, where its file is damaged, and where it is killed.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { History } from "../../../../src/metrics/history/history.ts";
import { sampleOf } from "../../../../src/metrics/sample.ts";
import { backUp } from "../../../../src/store/backup.ts";
import { Database } from "../../../../src/store/database.ts";
import { damagedBeside, openRecovering } from "../../../../src/store/recovery.ts";
import { BEGIN, DAY, HOUR, inScene, Scene } from "./records.ts";

function measure(scene: Scene, history: History, times: number): void {
  for (let turn = 0; turn < times; turn++) {
    scene.clock.jumpTo(scene.clock.now() + 60_000);
    scene.samples = sampleOf("tapocam_stream_viewers", { camera: "door" }, 2);
    history.sample();
  }
}

async function counted(history: History): Promise<number> {
  const { rows } = await history.query({
    subjects: ["door"],
    fields: ["viewers"],
    aggregation: "count",
    fromMs: BEGIN,
    toMs: BEGIN + 10 * DAY,
    stepMs: HOUR,
    isFilled: false,
    maxSteps: 1000,
  });
  return rows.reduce((sum, { values }) => sum + (values.viewers ?? 0), 0);
}

Deno.test("[METRICS-HISTORY-FULL-DISK] on a full disk what is measured is kept, told, and written when there is room", async () => {
  await inScene(async (scene) => {
    let database: Database | undefined;
    scene.open = async () => database = await Database.open(scene.path, undefined, "history");
    const history = scene.history();
    measure(scene, history, 10);
    assert(await history.flush());
    const [pages] = await database!.all("PRAGMA page_count");
    await database!.all(`PRAGMA max_page_count = ${Number(pages?.page_count)}`);
    measure(scene, history, 600);
    assertEquals([await history.flush(), await history.flush()], [false, false]);
    assertEquals([history.writeFailures, await counted(history)], [2, 610]);
    const [warning] = scene.warnings.list;
    assertStringIncludes(warning?.message ?? "", "kept in memory, 600 rows now");
    assertStringIncludes(warning?.hint ?? "", "Free some space");
    await database!.all("PRAGMA max_page_count = 100000");
    assertEquals([await history.flush(), scene.warnings.list, await counted(history)], [true, [], 610]);
    await history.run(AbortSignal.abort());
    const again = scene.history();
    await again.flush();
    assertEquals(await counted(again), 610);
    await again.run(AbortSignal.abort());
  });
});

Deno.test({
  name:
    "[METRICS-HISTORY-FULL-DISK] in a folder that is read-only the history lives in memory, until it can be written",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const run = async (program: string, ...args: string[]) =>
      assert((await new Deno.Command(program, { args }).output()).success, `${program} ${args.join(" ")}`);
    await run("mount", "-t", "tmpfs", "-o", "ro,size=8m", "tmpfs", folder);
    try {
      const scene = new Scene(folder);
      const history = scene.history();
      measure(scene, history, 90);
      assertEquals([await history.flush(), await counted(history)], [false, 90]);
      assertStringIncludes(scene.warnings.list[0]?.message ?? "", "cannot be written");
      await run("mount", "-o", "remount,rw", folder);
      assertEquals([await history.flush(), await counted(history), scene.warnings.list], [true, 90, []]);
      await history.run(AbortSignal.abort());
    } finally {
      await run("umount", folder);
      await Deno.remove(folder);
    }
  },
});

Deno.test("[STORE-RECOVERY] a damaged history is put aside while the hub runs, and goes on from its backup", async () => {
  await inScene(async (scene) => {
    scene.open = async () =>
      (await openRecovering({ path: scene.path, schema: "history" }, scene.clock.now())).database;
    const first = scene.history();
    measure(scene, first, 600);
    await first.flush();
    await first.run(AbortSignal.abort());
    await backUp({ path: scene.path, schema: "history" });
    const bytes = await Deno.readFile(scene.path);
    bytes.fill(0xa5, 4096);
    await Deno.writeFile(scene.path, bytes);
    const history = scene.history();
    measure(scene, history, 5);
    assertEquals([await history.flush(), await counted(history)], [true, 605]);
    assertEquals((await damagedBeside(scene.path)).length, 1);
    await history.run(AbortSignal.abort());
  });
});

Deno.test("[METRICS-HISTORY-KILL] killed twenty times while it writes: the file opens, and only the unwritten is lost", async () => {
  await inScene(async (scene) => {
    const script = new URL("./doomed_history.ts", import.meta.url).pathname;
    let confirmed = 0;
    for (let turn = 0; turn < 20; turn++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-check",
          "-A",
          "--config",
          "tests/deno.json",
          script,
          scene.path,
          String(turn),
        ],
        stdout: "piped",
      }).spawn();
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      // At another moment of a write each time.
      while (text.split("\n").length < 3 + turn % 4) text += (await lines.read()).value ?? "";
      child.kill("SIGKILL");
      for (let rest = await lines.read(); !rest.done; rest = await lines.read()) text += rest.value;
      await child.status;
      confirmed += Number(text.trim().split("\n").at(-1));
    }
    const database = await Database.open(scene.path, undefined, "history");
    assertEquals((await database.alone("PRAGMA quick_check(1)"))[0]?.quick_check, "ok");
    const [row] = await database.all("SELECT count(*) AS n FROM camera_raw");
    assert(Number(row?.n) >= confirmed, `${row?.n} rows, ${confirmed} were told as written`);
    // Every hour that is in the coarser tiers has all that raw has of it.
    const differ = await database.all(`
      SELECT 1 FROM (SELECT at / 3600000 AS hour, count(viewers) AS n FROM camera_raw GROUP BY 1)
      LEFT JOIN camera_1h ON span = hour WHERE hour NOT IN (SELECT hour FROM open_hours) AND n IS NOT viewers_n`);
    assertEquals(differ, []);
    await database.close();
  });
});
