// What the hub does with each camera's picture: by default, by the file, as set at run time, and over a restart.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { type CameraRules, cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import { RuleBook } from "../../../src/devices/rule_book.ts";
import { CameraRulesTable } from "../../../src/store/camera_rules_table.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const DEFAULTS = cameraRulesSchema.parse({});
const TRIANGLE = { points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0.5, y: 1 }] };

interface Stage {
  book: RuleBook;
  table: CameraRulesTable;
  lines: string[];
  /** As after a restart. */
  again(): Promise<RuleBook>;
}

async function withBook(
  work: (stage: Stage) => Promise<void>,
  ofFile: (id: string) => Partial<CameraRules> | undefined = () => undefined,
): Promise<void> {
  const database = await Database.open(":memory:");
  const lines: string[] = [];
  const log = new Logger((line) => void lines.push(line), "debug");
  const table = new CameraRulesTable(database, new FakeClock());
  const open = () => new RuleBook({ table, log, ofFile });
  const again = async () => {
    const book = open();
    await book.load();
    return book;
  };
  try {
    await work({ book: await again(), table, lines, again });
  } finally {
    await database.close();
  }
}

Deno.test("[RULES-LAYERS] what was set counts before the file, the file before the defaults", async () => {
  const ofFile = (id: string) =>
    id === "door" ? { motion: { ...DEFAULTS.motion, sensitivity: 10, min_area: 2 } } : undefined;
  await withBook(async ({ book, again }) => {
    assertEquals(book.of("yard"), DEFAULTS);
    assertEquals(book.of("door").motion.sensitivity, 10);
    const set = await book.change("door", "motion", { sensitivity: 80, zones: [TRIANGLE] });
    assertEquals(set, { ...DEFAULTS.motion, sensitivity: 80, min_area: 2, zones: [TRIANGLE] });
    assertEquals([book.isSet("door", "motion"), book.isSet("door", "privacy")], [true, false]);
    const after = await again();
    assertEquals(after.of("door"), { ...DEFAULTS, motion: set });
    await after.forget("door", "motion");
    assertEquals((await again()).of("door").motion.sensitivity, 10);
  }, ofFile);
});

Deno.test("[RULES-LAYERS] a change that is not valid is refused with its place, and changes nothing", async () => {
  await withBook(async ({ book, again }) => {
    const bad: [Partial<CameraRules["motion"]>, RegExp][] = [
      [{ sensitivity: 101 }, /^motion\.sensitivity: /],
      [{ zones: [{ points: [{ x: 0, y: 0 }] }] }, /^motion\.zones\.0\.points: /],
      [{ zones: [{ points: [...TRIANGLE.points, { x: 2, y: 0 }] }] }, /^motion\.zones\.0\.points\.3\.x: /],
    ];
    for (const [change, message] of bad) {
      const error = assertThrows(() => book.preview("door", "motion", change), HubError);
      assertEquals([error.kind, message.test(error.message)], ["invalid_input", true]);
      await assertRejects(() => book.change("door", "motion", change), HubError);
    }
    assertEquals((await again()).of("door"), DEFAULTS);
  });
});

Deno.test("[RULES-LAYERS] a removed camera's rules are forgotten; those of others stay", async () => {
  await withBook(async ({ book, again }) => {
    let told = 0;
    book.changes.subscribe(() => told++);
    await book.change("door", "motion", { sensitivity: 1 });
    await book.change("door", "privacy", { zones: [TRIANGLE] });
    await book.change("yard", "recording", { mode: "continuous" });
    await book.forget("door");
    assertEquals(told, 4);
    const after = await again();
    assertEquals([after.of("door"), after.of("yard").recording.mode], [DEFAULTS, "continuous"]);
  });
});

Deno.test("[RULES-LAYERS] what is no longer understood is left out and logged, the rest is kept", async () => {
  await withBook(async ({ book, table, lines, again }) => {
    await book.change("door", "privacy", { style: "blur" });
    await table.put({ camera: "door", subject: "motion", value: { sensitivity: "high" } });
    await table.put({ camera: "door", subject: "gone", value: 1 });
    assertEquals((await again()).of("door"), { ...DEFAULTS, privacy: { zones: [], style: "blur" } });
    assertEquals(lines.filter((line) => line.includes("not understood")).length, 1);
  });
});

Deno.test("[PRIVACY-CLOSED] privacy zones that are not understood any more cover the whole picture", async () => {
  await withBook(async ({ table, lines, again }) => {
    await table.put({ camera: "door", subject: "privacy", value: { zones: "left half" } });
    const { privacy } = (await again()).of("door");
    assertEquals([privacy.style, privacy.zones[0]?.points.length], ["black", 4]);
    assertEquals(lines.filter((line) => line.includes("not understood")).length, 1);
  });
});

Deno.test("[PRIVACY-RECORDINGS] a removed camera's zones stay, its other rules go", async () => {
  await withBook(async ({ book, again }) => {
    await book.change("door", "motion", { sensitivity: 1 });
    await book.change("door", "recording", { mode: "continuous" });
    await book.change("door", "privacy", { zones: [TRIANGLE] });
    await book.forgetRemoved("door");
    assertEquals((await again()).of("door"), { ...DEFAULTS, privacy: { zones: [TRIANGLE], style: "black" } });
  });
});
