// What is done through operations, as events of the journal: who did what, and nothing secret.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { EventDraft } from "../../../src/events/event.ts";
import type { AuditEntry } from "../../../src/operations/audit_log.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { recordOperation } from "../../../src/operations/operation_events.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

function recorded(name: string, entry: Pick<AuditEntry, "input" | "output" | "error">): EventDraft[] {
  const operation = [...OPERATIONS.values()].find((each) => each.name === name);
  assert(operation, name);
  const drafts: EventDraft[] = [];
  const context = { principal: { user: "token:kitchen", role: "admin" } } as AuditEntry["context"];
  const journal = { record: (draft: EventDraft) => void drafts.push(draft) };
  recordOperation({ journal, clock: new FakeClock() }, { operation, context, ...entry });
  return drafts;
}

Deno.test("[EVENTS-KINDS] recordOperation: a change tells who, which camera and which fields, never what was typed", () => {
  const input = {
    name: "Porch",
    host: "192.168.1.9",
    password: "s3cret-password",
    dry_run: false,
    options: { token: "t0ken" },
  };
  const [draft] = recorded("add_camera", { input, output: { camera: { id: "porch" } } });
  assertEquals([draft?.kind, draft?.camera, draft?.source], ["config_change", "porch", "hub"]);
  assertEquals(draft?.details, {
    what: "camera added",
    user: "token:kitchen",
    fields: "name, host, password, options",
  });
  assert(!JSON.stringify(draft).includes("s3cret") && !JSON.stringify(draft).includes("t0ken"));
});

Deno.test("[EVENTS-KINDS] recordOperation: switches, sirens and reloads say what they are now", () => {
  const of = (name: string, input: Record<string, unknown>, output: Record<string, unknown> = {}) =>
    recorded(name, { input, output }).map(({ kind, camera, details }) => [kind, camera, details])[0];
  const user = "token:kitchen";
  assertEquals(of("set_privacy_mode", { camera_id: "a", enabled: true }), [
    "config_change",
    "a",
    { what: "privacy mode set", user, fields: "enabled", enabled: true },
  ]);
  assertEquals(of("sound_siren", { camera_id: "a", confirm: true }), [
    "alarm",
    "a",
    { what: "siren sounded", user },
  ]);
  assertEquals(
    of("reload_config", {}, { added: ["b", "c"], removed: [], changed: ["d"], unchanged: ["e"] }),
    [
      "config_change",
      undefined,
      { what: "configuration reloaded", user, added: "b, c", changed: "d" },
    ],
  );
});

Deno.test("[EVENTS-KINDS] recordOperation: what failed, and what changes nothing of how the hub works, is no event", () => {
  const input = { camera_id: "a" };
  assertEquals(recorded("remove_camera", { input, error: new HubError("not_found", "gone") }), []);
  assertEquals(recorded("move_ptz", { input, output: {} }), []);
  assertEquals(recorded("capture_image", { input, output: {} }), []);
});

Deno.test("[EVENTS-KINDS] operations: whoever changes the rules of a camera stands in the journal", async () => {
  const folder = new URL("../../../src/operations/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    const changes = text.match(/\brules\.(change|forget)\(/g)?.length ?? 0;
    const events = text.match(/\bevent: \{ kind: "config_change"/g)?.length ?? 0;
    assert(events >= Math.min(changes, 1), `${name} changes rules: give its operation an event`);
  }
});
