// A hub that ends in the middle of putting a backup in place: whatever it was doing, the next start has that backup.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { tellDamage } from "../../../src/app/build_backups.ts";
import { Logger } from "../../../src/base/log.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { backUp } from "../../../src/store/backup.ts";
import { Database } from "../../../src/store/database.ts";
import { openStore } from "../../../src/store/open_store.ts";
import { damagedBeside, openRecovering } from "../../../src/store/recovery.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const NOW = Date.UTC(2026, 4, 1, 12, 30, 15);
const ADD = "INSERT INTO login_links (token_hash, expires_at) VALUES (?, 1)";

async function links(database: Database): Promise<unknown[]> {
  return (await database.all("SELECT token_hash FROM login_links ORDER BY 1")).map((row) => row.token_hash);
}

/** A damaged database with what stands in its log still, and a good backup. */
async function damagedIn(folder: string): Promise<string> {
  const path = `${folder}/hub.sqlite`;
  const database = await Database.open(path);
  await database.all(ADD, "kept");
  await backUp({ path, schema: "hub" });
  await database.all(ADD, "newer");
  const log = await Deno.readFile(`${path}-wal`);
  await database.close();
  const bytes = await Deno.readFile(path);
  bytes.fill(0xa5, 4096);
  await Deno.writeFile(path, bytes);
  // As a power cut leaves it: of another time than the file beside it.
  await Deno.writeFile(`${path}-wal`, log.subarray(0, 40));
  return path;
}

const CHANGING = ["rename", "copyFile", "remove", "chmod", "utime"] as const;

/** Runs until so many changes of the disk are made; the next does not come about, nor does any after it. */
async function dyingAt(change: number, work: () => Promise<void>): Promise<boolean> {
  const real = Object.fromEntries(CHANGING.map((name) => [name, Deno[name]]));
  let made = 0;
  const counted = Object.fromEntries(CHANGING.map((name) => [name, (...args: unknown[]) => {
    if (made >= change) return Promise.reject(new Error("the hub is dead"));
    // What is removed is no step of its own: it is cleared away again.
    if (name !== "remove") made++;
    return (real[name] as (...all: unknown[]) => unknown)(...args);
  }]));
  Object.assign(Deno, counted);
  try {
    await work();
    return false;
  } catch (error) {
    assertEquals((error as Error).message, "the hub is dead");
    return true;
  } finally {
    Object.assign(Deno, real);
  }
}

Deno.test("[STORE-RECOVERY] a hub that ends while it puts a backup in place has it at the next start", async () => {
  let [deaths, told] = [0, 0];
  for (let change = 0, died = true; died; change++) {
    const folder = await Deno.makeTempDir();
    try {
      const path = await damagedIn(folder);
      died = await dyingAt(change, async () => {
        const { database } = await openRecovering({ path, schema: "hub" }, NOW);
        await database.close();
      });
      const { database, recovery } = await openRecovering({ path, schema: "hub" }, NOW + 60_000);
      assertEquals(await links(database), ["kept"], `dead at change ${change}`);
      assertEquals((await damagedBeside(path)).length, 1, `dead at change ${change}`);
      if (recovery?.backupAtMs !== undefined) told++;
      await database.close();
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
        !/^(?:hub\.sqlite(?:\.damaged-\d{8}T\d{6}Z)?(?:-wal|-shm)?|backups)$/.test(name)
      );
      assertEquals(left, [], `left after change ${change}`);
      if (died) deaths++;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  // At the last step all is in its place, and only the damaged file that is kept is told of.
  assertEquals([deaths >= 5, told], [true, deaths - 1], `${deaths} ways to die`);
});

Deno.test("[STORE-RECOVERY] a full disk leaves the damaged file where it is, so that a later start can replace it", async () => {
  const folder = await Deno.makeTempDir();
  const { copyFile } = Deno;
  try {
    const path = await damagedIn(folder);
    Deno.copyFile = () => Promise.reject(new Error("No space left on device (os error 28)"));
    const first = await openStore(folder, undefined, NOW);
    assertEquals([first.volatileBecause?.kind, await links(first.database)], ["storage_full", []]);
    await first.database.close();
    Deno.copyFile = copyFile;
    const later = await openStore(folder, undefined, NOW + 60_000);
    assertEquals(await links(later.database), ["kept"]);
    assertEquals(later.recovery?.keptAs, `${path}.damaged-20260501T123115Z`);
    await later.database.close();
  } finally {
    Deno.copyFile = copyFile;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("[STORE-RECOVERY] a database of no bytes, as a power cut leaves it, is damaged where there is a backup", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await damagedIn(folder);
    await Deno.writeFile(path, new Uint8Array());
    const store = await openStore(folder, undefined, NOW);
    assertEquals(await links(store.database), ["kept"]);
    assert(store.recovery?.backupAtMs !== undefined);
    await store.database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("[STORE-RECOVERY] where there is no database any more, a new one is begun, and the backup is kept and told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await damagedIn(folder);
    for (const suffix of ["", "-wal"]) await Deno.remove(path + suffix);
    const store = await openStore(folder, undefined, NOW);
    assertEquals(await links(store.database), []);
    const keptAs = `${folder}/backups/hub.sqlite.kept-20260501T123015Z`;
    assertEquals([store.recovery?.keptAs, store.recovery?.isMissing], [keptAs, true]);
    const warnings = new Warnings(() => NOW);
    const told = { clock: new FakeClock(NOW), log: new Logger(() => {}, "error"), warnings };
    await tellDamage({ ...store, schema: "hub" }, told);
    assertStringIncludes(warnings.list[0]?.message ?? "", `is kept as ${keptAs}`);
    assertStringIncludes(warnings.list[0]?.hint ?? "", `copy it to ${path}`);
    await store.database.close();
    await backUp({ path, schema: "hub" });
    await Deno.copyFile(keptAs, path);
    const again = await openStore(folder, undefined, NOW + 60_000);
    assertEquals([again.recovery, await links(again.database)], [undefined, ["kept"]]);
    await again.database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("[STORE-RECOVERY] a backup that a newer hub made replaces nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = await damagedIn(folder);
    const bytes = await Deno.readFile(path);
    const backup = await Database.open(`${folder}/backups/hub.sqlite`);
    await backup.all("PRAGMA user_version = 9999");
    await backup.close();
    const error = await assertRejects(() => openStore(folder, undefined, NOW), Error);
    assert(error.message.includes("newer version"), error.message);
    assertEquals(await Deno.readFile(path), bytes);
    assertEquals(await damagedBeside(path), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
