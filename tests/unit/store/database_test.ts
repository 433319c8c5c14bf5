// The database with real files: transactions, errors in words, migrations, damage, and disks that are full or closed.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { HubError } from "../../../src/base/errors.ts";
import { CamerasTable, type StoredCamera } from "../../../src/store/cameras_table.ts";
import { Database } from "../../../src/store/database.ts";
import { openStore } from "../../../src/store/open_store.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { inFolder } from "../../tools/temp_folder.ts";

async function withDatabase(path: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await Database.open(path);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

const INSERT_LINK = "INSERT INTO login_links (token_hash, expires_at) VALUES (?, ?)";
const link = (token: string) => ({ sql: INSERT_LINK, params: [token, 1] });
const links = async (database: Database) =>
  (await database.all("SELECT token_hash FROM login_links ORDER BY 1")).map((row) => row.token_hash);

Deno.test("Database: a transaction is done as a whole, and returns the rows of each statement", async () => {
  await withDatabase(":memory:", async (database) => {
    const results = await database.transaction([link("a"), link("b"), {
      sql: "SELECT count(*) AS n FROM login_links",
    }]);
    assertEquals(results.map((rows) => rows.map((row) => ({ ...row }))), [[], [], [{ n: 2 }]]);
  });
});

Deno.test("Database: a transaction that fails leaves nothing of itself, and the next one works", async () => {
  await withDatabase(":memory:", async (database) => {
    await database.transaction([link("a")]);
    const error = await assertRejects(
      () => database.transaction([link("b"), link("a"), link("c")]),
      HubError,
    );
    assertEquals(error.kind, "conflict");
    assertEquals(await links(database), ["a"]);
    await database.transaction([link("b")]);
    assertEquals(await links(database), ["a", "b"]);
  });
});

Deno.test("Database: a statement that cannot be understood fails and breaks nothing", async () => {
  await withDatabase(":memory:", async (database) => {
    const failed = await assertRejects(() => database.all("SELEC nonsense"), HubError);
    assertEquals(failed.kind, "internal");
    assertEquals(
      (await assertRejects(() => database.all("SELECT * FROM nothing"), HubError)).kind,
      "internal",
    );
    assertEquals(await links(database), []);
  });
});

Deno.test("Database: requests of many callers are answered to each", async () => {
  await withDatabase(":memory:", async (database) => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => database.all("SELECT ? AS n", i)));
    assertEquals(answers.map(([row]) => row?.n), Array.from({ length: 50 }, (_, i) => i));
  });
});

Deno.test("Database: types are strict: text in a number's place is a conflict", async () => {
  await withDatabase(":memory:", async (database) => {
    const error = await assertRejects(() => database.all(INSERT_LINK, "a", "not a number"), HubError);
    assertEquals(error.kind, "conflict");
  });
});

Deno.test("Database: what was written is there after closing and opening; migrations run once", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    const migrations = [...Deno.readDirSync("src/store/migrations")].length;
    await withDatabase(path, async (database) => void await database.transaction([link("kept")]));
    for (let again = 0; again < 2; again++) {
      await withDatabase(path, async (database) => {
        assertEquals(await links(database), ["kept"]);
        assertEquals((await database.all("PRAGMA user_version")).map((row) => row.user_version), [
          migrations,
        ]);
        assertEquals((await database.all("PRAGMA journal_mode"))[0]?.journal_mode, "wal");
      });
    }
  });
});

Deno.test("Database: two processes' worth of connections see each other's writes", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    await withDatabase(path, async (hub) => {
      await withDatabase(path, async (commandLine) => {
        await commandLine.transaction([link("from the command line")]);
        assertEquals(await links(hub), ["from the command line"]);
      });
    });
  });
});

Deno.test("Database: one of a newer hub is refused and not touched", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    await withDatabase(path, async (database) => void await database.all("PRAGMA user_version = 99"));
    const error = await assertRejects(() => Database.open(path), HubError);
    assertStringIncludes(error.message, "newer version of the hub (schema 99");
    await assertRejects(() => openStore(folder), HubError);
    // Who was refused holds nothing: the last connection has taken its log with it, and no lock is left.
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["hub.sqlite"]);
    const raw = new DatabaseSync(path);
    assertEquals(raw.prepare("PRAGMA user_version").get()?.user_version, 99);
    raw.close();
  });
});

Deno.test("Database: each transaction is brought to the disk before it is answered", async () => {
  await inFolder(async (folder) => {
    await withDatabase(`${folder}/hub.sqlite`, async (database) => {
      // FULL (sqlite.org/pragma.html#pragma_synchronous); that it suffices is shown by tests/power.
      assertEquals(await database.all("PRAGMA synchronous"), [{ synchronous: 2 }]);
      assertEquals(await database.all("PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
    });
  });
});

Deno.test("Database: a damaged file is told as such, and is not replaced", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    const damaged = new TextEncoder().encode("this is no database ".repeat(1000));
    await Deno.writeFile(path, damaged);
    for (const open of [() => Database.open(path), () => openStore(folder)]) {
      const error = await assertRejects(open, HubError);
      assertEquals([error.kind, error.details?.path], ["internal", path]);
      assertStringIncludes(error.message, "file is not a database");
    }
    assertEquals(await Deno.readFile(path), damaged);
  });
});

Deno.test("Database: pages damaged in the middle are told when they are read", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/hub.sqlite`;
    await withDatabase(path, async (database) => {
      const many = Array.from({ length: 500 }, (_, i) => link(`${i}`.padStart(200, "x")));
      await database.transaction(many);
    });
    const bytes = await Deno.readFile(path);
    // The last pages hold rows, whatever the tables' definitions take at the front.
    bytes.fill(0xa5, bytes.length - 4096 * 5);
    await Deno.writeFile(path, bytes);
    await withDatabase(path, async (database) => {
      const error = await assertRejects(() => links(database), HubError);
      assertEquals([error.kind, error.message.includes("is damaged")], ["internal", true]);
    });
  });
});

Deno.test("Database: on a full disk a write fails as storage_full, reads go on, and it works again after", async () => {
  await inFolder(async (folder) => {
    await withDatabase(`${folder}/hub.sqlite`, async (database) => {
      const [pages] = await database.all("PRAGMA page_count");
      await database.all(`PRAGMA max_page_count = ${Number(pages?.page_count) + 1}`);
      const large = Array.from({ length: 500 }, (_, i) => link(`${i}`.padStart(200, "x")));
      const error = await assertRejects(() => database.transaction(large), HubError);
      assertEquals(error.kind, "storage_full");
      assertStringIncludes(error.hint ?? "", "Free some space");
      assertEquals(await links(database), []);
      await database.all("PRAGMA max_page_count = 100000");
      await database.transaction(large);
      assertEquals((await links(database)).length, 500);
    });
  });
});

Deno.test("openStore: makes its folder, for its owner only", async () => {
  await inFolder(async (folder) => {
    const store = await openStore(`${folder}/deep/er`);
    assertEquals([store.volatileBecause, store.dataDir], [undefined, `${folder}/deep/er`]);
    assertEquals((await Deno.stat(store.dataDir)).mode! & 0o777, 0o700);
    assertEquals(store.database.path, `${folder}/deep/er/hub.sqlite`);
    await store.database.close();
  });
});

Deno.test({
  name: "openStore: on a read-only disk it works in memory and says why",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await inFolder(async (folder) => {
      const run = (program: string, args: string[]) => new Deno.Command(program, { args }).output();
      const mounted = await run("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", folder]);
      assert(mounted.success, new TextDecoder().decode(mounted.stderr));
      try {
        const store = await openStore(`${folder}/data`);
        assertEquals([store.volatileBecause?.kind, store.database.path], ["forbidden", ":memory:"]);
        assertStringIncludes(store.volatileBecause?.hint ?? "", "--data");
        await store.database.transaction([link("works")]);
        assertEquals(await links(store.database), ["works"]);
        await store.database.close();
      } finally {
        await run("umount", [folder]);
      }
    });
  },
});

Deno.test("CamerasTable: keeps every field, replaces by id, lists by id, removes", async () => {
  await withDatabase(":memory:", async (database) => {
    const table = new CamerasTable(database, new FakeClock());
    const camera: StoredCamera = {
      id: "front",
      name: 'Front ö "quoted"',
      type: "webcam",
      enabled: true,
      hidden: false,
      options: { device: "/dev/video0", fps: 30, nested: { a: [1, null, "x"] } },
    };
    await table.put(camera);
    await table.put({ ...camera, id: "back", enabled: false, hidden: true });
    await table.put({ ...camera, name: "Renamed" });
    assertEquals(await table.list(), [
      { ...camera, id: "back", enabled: false, hidden: true },
      { ...camera, name: "Renamed" },
    ]);
    await table.remove("front");
    await table.remove("never was");
    assertEquals((await table.list()).map(({ id }) => id), ["back"]);
  });
});
