// What the hub tells of itself: its log, its operations, where pictures are had.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { LogRing } from "../../../src/base/log_ring.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import { withGadgets } from "../tools/gadgets.ts";

Deno.test("get_help: lists every operation that the asker may use, and explains one", async () => {
  await withGadgets(async ({ op, hub }) => {
    const { toolsets } = await op("get_help", {}) as { toolsets: Record<string, { name: string }[]> };
    const names = Object.values(toolsets).flat().map(({ name }) => name);
    assertEquals(names.toSorted(), [...OPERATIONS.keys()].toSorted());
    const viewer = { user: "eve", role: "viewer" as const };
    const context = { hub, principal: viewer, signal: new AbortController().signal, report: () => {} };
    const seen = await invoke(OPERATIONS.get("get_help")!, context, {}) as { toolsets: object };
    assert(!JSON.stringify(seen.toolsets).includes("remove_camera"));
    // deno-lint-ignore no-explicit-any
    const { tool } = await op("get_help", { tool_name: "delete_ptz_preset" }) as any;
    assertEquals([tool.effect, tool.role, Object.keys(tool.input.properties)], [
      "destructive",
      "operator",
      ["camera_id", "preset_id", "name", "dry_run", "confirm"],
    ]);
    const unknown = await assertRejects(() => op("get_help", { tool_name: "move_ptx" }), HubError);
    assertEquals([unknown.kind, unknown.hint], ["not_found", "Did you mean move_ptz?"]);
  });
});

Deno.test("get_logs: the newest lines by level, camera and time, without secrets", async () => {
  await withGadgets(async ({ op, logs }) => {
    let nowMs = Date.parse("2026-01-01T00:00:00Z");
    const log = new Logger(logs.tee(() => {}), "debug", { now: () => nowMs += 1000 });
    log.debug("quiet");
    log.info("hello");
    log.child({ camera: "a" }).warn("lost", { url: "rtsp://ann:hunter2@10.0.0.1/" });
    log.child({ camera: "b" }).error("worse");
    const messages = async (input: object) =>
      ((await op("get_logs", { camera_id: undefined, ...input }))["lines"] as { message: string }[]).map((
        { message },
      ) => message);
    assertEquals(await messages({}), ["hello", "lost", "worse"]);
    assertEquals(await messages({ level: "debug" }), ["quiet", "hello", "lost", "worse"]);
    assertEquals(await messages({ level: "warn" }), ["lost", "worse"]);
    assertEquals(await messages({ limit: 1 }), ["worse"]);
    assertEquals(await messages({ camera_id: "a" }), ["lost"]);
    assertEquals(await messages({ since: "2026-01-01T00:00:04Z" }), ["worse"]);
    const text = JSON.stringify(await op("get_logs", { camera_id: "a" }));
    assert(!text.includes("hunter2"), text);
  });
});

Deno.test("get_logs: the answer stays below 400 KB, and says that there is more", async () => {
  await withGadgets(async ({ op, logs }) => {
    const log = new Logger(logs.tee(() => {}), "info");
    const ask = async (limit: number) => {
      const { lines, more } = await op("get_logs", { camera_id: undefined, limit });
      return { lines: lines as { n: number }[], more };
    };
    for (let n = 0; n < 5; n++) log.info("short", { n });
    assertEquals([(await ask(5)).more, (await ask(4)).more], [false, true]);
    // Two bytes each.
    for (let n = 0; n < 500; n++) log.info("long", { n, text: "é".repeat(1000) });
    const { lines, more } = await ask(1000);
    const bytes = new TextEncoder().encode(JSON.stringify(lines)).length;
    assertEquals([more, bytes <= 400_010, bytes > 390_000, lines.at(-1)?.n], [true, true, true, 499]);
    assertEquals(lines[0]?.n, 500 - lines.length);
  });
});

Deno.test("LogRing: keeps the last 2000 lines, long ones without their fields", () => {
  const ring = new LogRing();
  const passed: string[] = [];
  const log = new Logger(ring.tee((line) => passed.push(line)), "info");
  for (let n = 0; n < 2003; n++) log.info("line", { n });
  const lines = ring.list({ level: "info", limit: 5000 });
  assertEquals([lines.length, lines[0]?.n, lines.at(-1)?.n, passed.length], [2000, 3, 2002, 2003]);
  log.info("long", { text: "x".repeat(5000) });
  const [last] = ring.list({ level: "info", limit: 1 });
  assertEquals([last?.message, last?.text, last?.shortened], ["long", undefined, true]);
});

Deno.test("get_stream_url: whole addresses; a camera without pictures says so", async () => {
  await withGadgets(async ({ op }) => {
    const video = await assertRejects(() => op("get_stream_url", { camera_id: "plain" }), HubError);
    assertStringIncludes(video.message, 'Camera "plain" cannot give pictures');
  });
  await withGadgets(async ({ op, hub }) => {
    const { stream, page } = await op("get_stream_url");
    assertEquals([stream, page], [
      "http://pi.local:7777/api/cameras/a/stream",
      "http://pi.local:7777/cameras/a",
    ]);
    hub.origin = () => undefined;
    const none = await op("get_stream_url");
    assertEquals(Object.keys(none).sort(), ["camera_id", "reason", "success"]);
    assertMatch(String(none.reason), /has no port.*capture_image.*tapo-camera-mcp serve/);
  }, { change: (all) => ({ ...all, video: {} as NonNullable<typeof all.video> }) });
});
