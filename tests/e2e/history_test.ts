// The history and damaged databases, with the compiled hub as its users run it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { backUp } from "../../src/store/backup.ts";
import { HubProcess } from "../tools/hub_process.ts";

const CONFIG = "metrics: {interval_s: 5}\ncameras: [{id: a, type: testpattern, width: 320, height: 180}]\n";

function rows(path: string, table: string): number {
  using database = new DatabaseSync(path, { readOnly: true });
  return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
}

async function damage(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes.fill(0xa5, 4096);
  await Deno.writeFile(path, bytes);
}

async function warnings(hub: HubProcess): Promise<{ code: string; message: string }[]> {
  return (await hub.client.json("/api/status")).warnings;
}

Deno.test("[METRICS-HISTORY-FLUSH] [STORE-RECOVERY] SIGTERM writes the history; damaged databases go on from their backups", async () => {
  const dataDir = await Deno.makeTempDir();
  const [hubFile, historyFile] = [`${dataDir}/hub.sqlite`, `${dataDir}/history.sqlite`];
  const first = await HubProcess.start({ config: CONFIG, dataDir });
  await first.login();
  // Measured every five seconds and written every five minutes. Events of cameras, which have it written at once, are
  // over when the camera is online.
  const measured = async () => (await first.client.json("/metrics/history/a?hours=1")).history.length;
  await first.waitFor(async () => await measured() > 0, "something to be measured");
  await first.stop();
  assert(rows(historyFile, "camera_raw") >= 1, "nothing was written at the end");
  assert(rows(historyFile, "hub_raw") >= 1);
  for (const [path, schema] of [[hubFile, "hub"], [historyFile, "history"]] as const) {
    await backUp({ path, schema });
    await damage(path);
  }
  await using second = await HubProcess.start({ config: CONFIG, dataDir });
  await second.login();
  await second.waitFor(async () => (await warnings(second)).some(({ code }) => code === "database_history"));
  const told = (await warnings(second)).filter(({ code }) => code.startsWith("database_"));
  assertEquals(told.map(({ code }) => code).sort(), ["database_history", "database_hub"]);
  for (const { message } of told) {
    assertMatch(message, /was damaged .* is kept as .*damaged-.* Its backup of .* took its place/);
  }
  const kept = [...Deno.readDirSync(dataDir)].filter(({ name }) => /\.damaged-\d+T\d+Z$/.test(name));
  assertEquals(kept.length, 2);
  // It is counted a moment after the file was opened.
  const metrics = async () => await (await second.client.fetch("/metrics/prometheus")).text();
  const isCounted = async () => /tapocam_history_rows\{tier="raw"\} [1-9]/.test(await metrics());
  await second.waitFor(isCounted, "the rows of the history to be counted");
});
