// Every change that is asked for is taken down with what came of it; looking and dry runs are not.
import { assertEquals, assertMatch } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import type { AuditEntry } from "../../../src/operations/audit_log.ts";
import { AuditLog } from "../../../src/operations/audit_log.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { type AuditRow, AuditTable } from "../../../src/store/audit_table.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { withGadgets } from "../tools/gadgets.ts";
import { until } from "../tools/processes.ts";

// deno-lint-ignore no-explicit-any
type Entry = any;

Deno.test("list_audit: what was done, by whom, with what and what came of it; newest first", async () => {
  await withGadgets(async ({ op, state }) => {
    await op("set_led_enabled", { enabled: false });
    await op("reboot_camera");
    await op("reboot_camera", { confirm: true });
    await op("set_led_enabled", { enabled: true, dry_run: true });
    await op("list_cameras");
    state.isStubborn = true;
    await op("set_privacy_mode", { enabled: true }).catch(() => {});
    let entries: Entry[] = [];
    await until(async () => (entries = (await op("list_audit", {}))["entries"] as Entry[]).length === 3);
    const shown = entries.map(({ operation, outcome, verified, input, user, role, camera_id }) => [
      operation,
      outcome,
      verified,
      input,
      `${user} ${role} ${camera_id}`,
    ]);
    const on = { camera_id: "a", enabled: true };
    assertEquals(shown, [
      ["set_privacy_mode", "device_rejected", undefined, on, "admin admin a"],
      ["reboot_camera", "done", "acknowledged", { camera_id: "a" }, "admin admin a"],
      ["set_led_enabled", "done", "readback", { camera_id: "a", enabled: false }, "admin admin a"],
    ]);
    assertMatch(entries[0].message, /did not do it/);
    const [, { id }] = entries;
    const page = (await op("list_audit", { before: id }))["entries"] as Entry[];
    assertEquals(page.map(({ operation }: Entry) => operation), ["set_led_enabled"]);
    assertEquals((await op("list_audit", { operation: "fly" }))["entries"], []);
    assertEquals((await op("list_audit", { camera_id: "plain" }))["entries"], []);
  });
});

function entry(input: Record<string, unknown>): AuditEntry {
  const context = { principal: { user: "ann", role: "admin" } } as AuditEntry["context"];
  return { operation: OPERATIONS.get("add_camera")!, context, input, output: { camera: { id: "new" } } };
}

Deno.test("AuditLog: passwords are not kept, and what is too long is only named", async () => {
  const written: AuditRow[] = [];
  const table = {
    insert: (rows: AuditRow[]) => Promise.resolve(void written.push(...rows)),
    prune: () => {},
  };
  const clock = new FakeClock();
  const audit = new AuditLog({ table: table as unknown as AuditTable, clock, log: silent() });
  const options = {
    password: 12345678,
    login: { pass: "hunter2" },
    stream_url: "rtsp://ann:hunter2@10.0.0.1/x?pwd=hunter2",
  };
  audit.note(entry({ type: "rtsp", password: "hunter2", cloud_password: "hunter2", options }));
  audit.note(entry({ options: { text: "x".repeat(5000) } }));
  const stop = new AbortController();
  const running = audit.run(stop.signal);
  await settle();
  stop.abort();
  await running;
  assertEquals(written.map(({ camera, outcome }) => [camera, outcome]), [["new", "done"], ["new", "done"]]);
  assertEquals(JSON.parse(written[0]!.input), {
    type: "rtsp",
    password: "[secret]",
    cloud_password: "[secret]",
    options: {
      password: "[secret]",
      login: { pass: "[secret]" },
      stream_url: "rtsp://[secret]@10.0.0.1/x?pwd=[secret]",
    },
  });
  assertEquals(JSON.parse(written[1]!.input), { too_long: ["options"] });
});

Deno.test("AuditLog: what cannot be written waits, the oldest is lost beyond 1000, and it is written at the end", async () => {
  let isBroken = true;
  const written: AuditRow[] = [];
  const table = {
    insert: (rows: AuditRow[]) => {
      if (isBroken) return Promise.reject(new Error("disk full"));
      return Promise.resolve(void written.push(...rows));
    },
    prune: () => Promise.resolve(),
  };
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "info");
  const audit = new AuditLog({ table: table as unknown as AuditTable, clock, log });
  const stop = new AbortController();
  const running = audit.run(stop.signal);
  for (let n = 0; n < 1005; n++) audit.note(entry({ n }));
  await clock.advance(5000);
  assertEquals(lines.filter((line) => line.includes("cannot be taken down")).length, 1);
  isBroken = false;
  await clock.advance(70_000);
  assertEquals([written.length, JSON.parse(written[0]!.input)], [1000, { n: 5 }]);
  assertEquals(lines.filter((line) => line.includes('"lost":5')).length, 1);
  audit.note(entry({ n: "last" }));
  stop.abort();
  await running;
  assertEquals(JSON.parse(written.at(-1)!.input), { n: "last" });
});

Deno.test("AuditTable: deletes what is too old and what is too much", async () => {
  const database = await Database.open(":memory:");
  try {
    const table = new AuditTable(database);
    const row = { user: "ann", role: "admin", operation: "x", input: "{}", outcome: "done" };
    await table.insert([10, 20, 30, 40].map((timeMs) => ({ ...row, timeMs })));
    await table.prune({ maxRows: 50, beforeMs: 20 });
    assertEquals((await table.list({ limit: 9 })).map(({ timeMs }) => timeMs), [40, 30, 20]);
    await table.prune({ maxRows: 2, beforeMs: 0 });
    assertEquals((await table.list({ limit: 9 })).map(({ id }) => id), [4, 3]);
  } finally {
    await database.close();
  }
});

function silent(): Logger {
  return new Logger(() => {}, "error");
}
