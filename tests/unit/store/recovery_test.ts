// Damaged databases: kept aside, replaced by the last good backup, and told.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { backUp, backupsOf } from "../../../src/store/backup.ts";
import { Backups, type BackupsDeps } from "../../../src/store/backups.ts";
import { Database } from "../../../src/store/database.ts";
import { openStore } from "../../../src/store/open_store.ts";
import { damagedBeside, openRecovering } from "../../../src/store/recovery.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { inFolder } from "../../tools/temp_folder.ts";

const NOW = Date.UTC(2026, 4, 1, 12, 30, 15);
const KEPT = "damaged-20260501T123015Z";

/** Adds links to log in; many make several pages. */
async function add(path: string, ...tokens: string[]): Promise<void> {
  const database = await Database.open(path);
  const sql = "INSERT INTO login_links (token_hash, expires_at) VALUES (?, 1)";
  await database.transaction(tokens.map((token) => ({ sql, params: [token] })));
  await database.close();
}

async function links(database: Database): Promise<unknown[]> {
  return (await database.all("SELECT token_hash FROM login_links ORDER BY 1")).map((row) => row.token_hash);
}

/** As a card does that loses pages. */
async function damage(path: string): Promise<Uint8Array> {
  const bytes = await Deno.readFile(path);
  bytes.fill(0xa5, 4096);
  await Deno.writeFile(path, bytes);
  return bytes;
}

Deno.test("[STORE-RECOVERY] a damaged database is kept aside, and its last backup takes its place", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    await add(path, "a");
    assert(await backUp({ path, schema: "hub" }) > 4096);
    assertEquals((await Deno.stat(backupsOf(path)[0])).mode! & 0o777, 0o600);
    await add(path, "b");
    const bytes = await damage(path);
    const store = await openStore(folder, undefined, NOW);
    assertEquals(await links(store.database), ["a"]);
    const { mtime } = await Deno.stat(backupsOf(path)[0]);
    assertEquals([store.recovery?.keptAs, store.recovery?.backupAtMs], [`${path}.${KEPT}`, mtime?.getTime()]);
    assertEquals(await Deno.readFile(`${path}.${KEPT}`), bytes);
    assertEquals(await damagedBeside(path), [`${path}.${KEPT}`]);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    await store.database.close();
    const again = await openStore(folder, undefined, NOW + 1000);
    assertEquals([again.recovery, await links(again.database)], [undefined, ["a"]]);
    await again.database.close();
  });
});

// Deno lets SQLite attach no files unless the program may do everything.
Deno.test({
  name: "[STORE-RECOVERY] a backup needs no more rights than the hub has",
  permissions: { read: true, write: true, env: true, sys: true, net: true, run: false, ffi: false },
  fn: async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/hub.sqlite`;
      await add(path, "a");
      await backUp({ path, schema: "hub" });
      const copy = await Database.open(backupsOf(path)[0]);
      assertEquals(await links(copy), ["a"]);
      await copy.close();
    });
  },
});

Deno.test("[STORE-RECOVERY] of two backups the newest that is whole counts; without one the hub begins anew", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    const [newest, before] = backupsOf(path);
    await add(path, "a");
    await backUp({ path, schema: "hub" });
    await add(path, "b");
    await backUp({ path, schema: "hub" });
    await damage(newest);
    await Deno.writeTextFile(path, "this is no database ".repeat(1000));
    const first = await openRecovering({ path, schema: "hub" }, NOW);
    assertEquals(await links(first.database), ["a"]);
    await first.database.close();
    await damage(before);
    await damage(path);
    const second = await openRecovering({ path, schema: "hub" }, NOW + 1000);
    assertEquals([await links(second.database), second.recovery?.backupAtMs], [[], undefined]);
    assertEquals((await damagedBeside(path)).length, 2);
    await second.database.close();
  });
});

Deno.test("[STORE-RECOVERY] damage that shows while the hub runs is told, and put right at the next start", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    await add(path, "a");
    await backUp({ path, schema: "hub" });
    await add(path, ...Array.from({ length: 500 }, (_, n) => `${n}`.padStart(200, "x")));
    // Opened while it was whole; a new connection then reads what is on the disk.
    const opened = await openRecovering({ path, schema: "hub" }, NOW);
    const told: string[] = [];
    opened.database.onDamage((error) => told.push(error.message));
    const bytes = await Deno.readFile(path);
    bytes.fill(0xa5, bytes.length - 4096 * 5);
    await Deno.writeFile(path, bytes);
    await opened.database.alone("PRAGMA shrink_memory");
    await links(opened.database).catch(() => {/* it is told to the listener as well */});
    assertStringIncludes(told[0] ?? "", "is damaged");
    await opened.database.close();
    const again = await openRecovering({ path, schema: "hub" }, NOW);
    assert(/^[\w :()]+$/.test(again.recovery?.because ?? ""), `in one line: ${again.recovery?.because}`);
    assertEquals(await links(again.database), ["a"]);
    await again.database.close();
  });
});

/** Backups of a file, on a disk with room unless told otherwise. */
function backupsIn(path: string, freeBytes: BackupsDeps["freeBytes"] = () => Promise.resolve(undefined)) {
  const clock = new FakeClock(Date.now());
  const warnings = new Warnings(() => clock.now());
  const log = new Logger(() => {}, "error");
  const files = [{ path, schema: "hub", everyDays: 1, bytesPerDay: 20e6 }] as const;
  return { clock, warnings, backups: new Backups({ clock, log, warnings, files, freeBytes }) };
}

Deno.test("[STORE-BACKUP] backups are made once a day, when something was written, and never of a damaged file", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    const [newest, before] = backupsOf(path);
    const { clock, warnings, backups } = backupsIn(path);
    await backups.makeDue();
    await add(path, "a");
    await backups.makeDue();
    const first = await Deno.readFile(newest);
    await add(path, "b");
    await backups.makeDue();
    assertEquals(await Deno.readFile(newest), first, "a second one on the same day");
    clock.jumpTo(clock.now() + 87_000_000);
    await backups.makeDue();
    assertEquals(await Deno.readFile(before), first);
    const second = await Deno.readFile(newest);
    await add(path, "c");
    await damage(path);
    clock.jumpTo(clock.now() + 2 * 86_400_000);
    await backups.makeDue();
    assertEquals([await Deno.readFile(newest), await Deno.readFile(before)], [second, first]);
    assertStringIncludes(warnings.list[0]?.message ?? "", "The backup that there is was kept as it is");
    assertEquals([...Deno.readDirSync(`${folder}/backups`)].length, 2);
  });
});

Deno.test("[STORE-BACKUP] one made under a clock that was ahead is followed by another", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    const [newest] = backupsOf(path);
    const { backups } = backupsIn(path);
    await add(path, "a");
    await backups.makeDue();
    const ahead = new Date(Date.now() + 400 * 86_400_000);
    await Deno.utime(newest, ahead, ahead);
    await add(path, "b");
    await backups.makeDue();
    const copy = await Database.open(newest);
    assertEquals(await links(copy), ["a", "b"]);
    await copy.close();
  });
});

Deno.test("[STORE-BACKUP] a backup takes no room that recordings need", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    let free = 1e6;
    const { backups, warnings } = backupsIn(path, () => Promise.resolve(free));
    await add(path, ...Array.from({ length: 1000 }, (_, n) => `${n}`.padStart(300, "x")));
    await backups.makeDue();
    assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name === "backups"), []);
    assertStringIncludes(warnings.list[0]?.message ?? "", "leave too little room");
    assertStringIncludes(warnings.list[0]?.hint ?? "", "Free some space");
    free = 1e7;
    await backups.makeDue();
    assertEquals(warnings.list, []);
    assert((await Deno.stat(backupsOf(path)[0])).size > 0);
  });
});

Deno.test("[STORE-BACKUP] a hub that ends gives up the backup that is being made, and keeps the one before", async () => {
  const { copyTo } = Database.prototype;
  try {
    await inFolder(async (folder) => {
      const path = `${folder}/hub.sqlite`;
      const [newest] = backupsOf(path);
      const { backups, warnings, clock } = backupsIn(path);
      await add(path, "a");
      await backups.makeDue();
      const first = await Deno.readFile(newest);
      await add(path, ...Array.from({ length: 20_000 }, (_, n) => `${n}`.padStart(300, "x")));
      clock.jumpTo(clock.now() + 87_000_000);
      const stop = new AbortController();
      let asked = 0;
      Database.prototype.copyTo = function (to) {
        asked++;
        const copied = copyTo.call(this, to);
        stop.abort();
        return copied;
      };
      await backups.makeDue(stop.signal);
      assertEquals([asked, warnings.list], [1, []]);
      assertEquals(await Deno.readFile(newest), first);
    });
  } finally {
    Database.prototype.copyTo = copyTo;
  }
});
