// What is remembered of devices: the same for the memory of a command and for the table in the database.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { type DeviceMemory, VolatileMemory } from "../../../src/devices/memory.ts";
import { Database } from "../../../src/store/database.ts";
import { DeviceMemoryTable } from "../../../src/store/device_memory_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

async function withDatabase(work: (database: Database) => Promise<void>, path = ":memory:"): Promise<void> {
  const database = await Database.open(path);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

const table = (database: Database, clock = new FakeClock()) => new DeviceMemoryTable(database, clock);

const KINDS: [string, (work: (memory: DeviceMemory) => Promise<void>) => Promise<void>][] = [
  ["VolatileMemory", (work) => work(new VolatileMemory())],
  ["DeviceMemoryTable", (work) => withDatabase((database) => work(table(database)))],
];
for (const [name, withMemory] of KINDS) {
  Deno.test(`${name}: keeps each name of each device apart, writes over, and forgets`, async () => {
    await withMemory(async (memory) => {
      const all = () => Promise.all([memory.read("a", "x"), memory.read("a", "y"), memory.read("b", "x")]);
      assertEquals(await all(), [undefined, undefined, undefined]);
      await memory.write("a", "x", "1");
      await memory.write("a", "y", "2");
      await memory.write("b", "x", "3");
      assertEquals(await all(), ["1", "2", "3"]);
      await memory.write("a", "x", "4");
      await memory.write("b", "x", undefined);
      await memory.write("b", "gone", undefined);
      assertEquals(await all(), ["4", "2", undefined]);
    });
  });

  Deno.test(`${name}: keeps any text as it is, an empty one too`, async () => {
    await withMemory(async (memory) => {
      for (const text of ["", "0", "undefined", "ü\n'\"\\;--", '{"a":1}', "x".repeat(10_000)]) {
        await memory.write("a'; DROP TABLE device_memory", "x", text);
        assertEquals(await memory.read("a'; DROP TABLE device_memory", "x"), text);
      }
    });
  });
}

Deno.test("DeviceMemoryTable: remembers over a restart", async () => {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/hub.sqlite`;
  try {
    await withDatabase((database) => table(database).write("tapo 1", "locked_until", "5"), path);
    await withDatabase(async (database) => {
      assertEquals(await table(database).read("tapo 1", "locked_until"), "5");
      await table(database).write("tapo 1", "locked_until", undefined);
    }, path);
    await withDatabase(async (database) => {
      assertEquals(await table(database).read("tapo 1", "locked_until"), undefined);
    }, path);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("DeviceMemoryTable: notes when something changed", async () => {
  await withDatabase(async (database) => {
    const clock = new FakeClock(1000);
    await table(database, clock).write("a", "x", "1");
    await clock.advance(500);
    await table(database, clock).write("a", "x", "2");
    assertEquals(
      (await database.all("SELECT changed_at FROM device_memory")).map(({ changed_at }) => changed_at),
      [
        1500,
      ],
    );
  });
});

Deno.test("DeviceMemoryTable: what the disk does not take is remembered as long as the program runs", async () => {
  await withDatabase(async (database) => {
    const memory = table(database);
    const large = (letter: string) => letter.repeat(100_000);
    await database.all("PRAGMA max_page_count = 1");
    await memory.write("a", "x", large("1"));
    await memory.write("a", "gone", large("1"));
    await memory.write("a", "gone", undefined);
    assertEquals([await memory.read("a", "x"), await memory.read("a", "gone")], [large("1"), undefined]);
    assertEquals(await table(database).read("a", "x"), undefined);
    await database.all("PRAGMA max_page_count = 1000000");
    await memory.write("a", "x", large("2"));
    assertEquals(await memory.read("a", "x"), large("2"));
    assertEquals(await table(database).read("a", "x"), large("2"));
  });
});

Deno.test("DeviceMemoryTable: any other fault of the database is told", async () => {
  await withDatabase(async (database) => {
    await database.all("DROP TABLE device_memory");
    for (const ask of [() => table(database).read("a", "x"), () => table(database).write("a", "x", "1")]) {
      assertEquals((await assertRejects(ask, HubError)).kind, "internal");
    }
  });
});
