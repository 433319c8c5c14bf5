// Alerts as they are asked for: listed, acknowledged, snoozed; channels tested; dead letters tried again; alarm modes.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { settle } from "../../tools/fake_clock.ts";
import { KeptChannel } from "../tools/alerts.ts";
import { type Site, withSite } from "../tools/app.ts";
import { toyDriver } from "../tools/devices.ts";
import { PEOPLE } from "../alerts/stage.ts";

interface Desk extends Site {
  a: KeptChannel;
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  op(name: string, input?: Record<string, unknown>): Promise<any>;
  person(): Promise<void>;
}

/** A hub with a camera, one rule and one channel, whose journal and alerts run. */
async function withDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  await withSite([toyDriver().driver], async (site) => {
    const a = new KeptChannel("a");
    site.alerts.channels = new Map([["a", a]]);
    site.alerts.use({ ...PEOPLE, channels: PEOPLE.channels.slice(0, 1) });
    await site.catalog.add({ id: "door", name: "Front door", type: "toy", options: { device: "1" } });
    const { alerts, journal } = site.hub;
    await alerts.load();
    const stop = new AbortController();
    const running = [journal.run(stop.signal), alerts.run(stop.signal)];
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      for (let turn = 0; turn < 3000; turn++) {
        if (await isSo()) return;
        await settle();
      }
      throw new Error("Waited in vain");
    };
    const op = async (name: string, input: Record<string, unknown> = {}) =>
      await (await site.send("POST", `/api/operations/${name}`, input)).json();
    const person = async () => {
      const { unacknowledged } = await alerts.table.counts();
      journal.record({ camera: "door", kind: "person", source: "onvif", startedAtMs: site.clock.now() });
      await until(async () => (await alerts.table.counts()).unacknowledged === unacknowledged + 1);
      const { waiting } = await alerts.messages.counts();
      if (waiting > 0) await until(async () => (await alerts.messages.counts()).waiting === 0);
    };
    try {
      await work({ ...site, a, op, person });
    } finally {
      stop.abort();
      await Promise.all(running);
    }
  });
}

Deno.test("[ALERT-OPERATIONS] list_alerts: with deliveries, by state and camera, in pages", async () => {
  await withDesk(async ({ op, person, as }) => {
    for (let count = 0; count < 3; count++) await person();
    const { alerts, more, firing, unacknowledged, dead_letters } = await op("list_alerts", { limit: 2 });
    assertEquals([alerts.map(({ id }: { id: number }) => id), more], [[3, 2], true]);
    assertEquals([firing, unacknowledged, dead_letters], [0, 3, 0]);
    const [{ title, state, camera_id, deliveries, acknowledged, event_seq }] = alerts;
    assertEquals([title, state, camera_id, acknowledged], [
      "Person at Front door",
      "resolved",
      "door",
      false,
    ]);
    assertEquals([deliveries.length, deliveries[0].channel, deliveries[0].state], [1, "a", "delivered"]);
    assert(event_seq > 0);
    assertEquals((await op("list_alerts", { before: 2 })).alerts.length, 1);
    assertEquals((await op("list_alerts", { camera_id: "yard" })).alerts, []);
    assertEquals((await op("list_alerts", { state: "firing" })).alerts, []);
    const routed = await (await as("/api/alerts?camera=door&limit=1")).json();
    assertEquals(routed.alerts.length, 1);
  });
});

Deno.test("[ALERT-ACK] acknowledge_alert: one with a note, all, an unknown one, neither; dry_run leaves it", async () => {
  await withDesk(async ({ op, person, send }) => {
    for (let count = 0; count < 3; count++) await person();
    const dry = await op("acknowledge_alert", { alert_id: 1, dry_run: true });
    assertEquals(dry.would, "Acknowledge alert 1: Person at Front door");
    const answer = await (await send("POST", "/api/alerts/1/acknowledge", { note: "a friend" })).json();
    assertEquals(
      [answer.acknowledged, typeof answer.acknowledged_by, answer.note, answer.verified],
      [1, "string", "a friend", "readback"],
    );
    assertEquals((await op("list_alerts", { state: "unacknowledged" })).alerts.length, 2);
    assertEquals((await op("acknowledge_alert", { all: true })).acknowledged, 2);
    assertEquals((await op("acknowledge_alert", { alert_id: 99 })).error_code, "not_found");
    for (const input of [{}, { alert_id: 1, all: true }]) {
      const refused = await op("acknowledge_alert", input);
      assertEquals(refused.error_code, "invalid_input");
      assertStringIncludes(refused.message, "alert_id, or all: true");
    }
  });
});

Deno.test("[ALERT-QUIET] snooze_alerts: a camera, a rule, all; unknown ones are refused; the end brings messages back", async () => {
  await withDesk(async ({ op, person, a, clock }) => {
    const { snoozes } = await op("snooze_alerts", { camera_id: "door", minutes: 30 });
    const until = new Date(clock.now() + 30 * 60_000).toISOString();
    assertEquals(snoozes, [{ camera_id: "door", until }]);
    await person();
    assertEquals(a.got, []);
    assertEquals((await op("list_alerts")).alerts[0].muted, "snoozed");
    assertEquals((await op("list_alert_rules")).snoozes.length, 1);
    assertEquals((await op("snooze_alerts", { camera_id: "door", minutes: 0 })).snoozes, []);
    await person();
    assertEquals(a.got.length, 1);
    await op("snooze_alerts", { rule: "people", minutes: 1 });
    await person();
    await clock.advance(60_001);
    await person();
    assertEquals(a.got.length, 2);
    for (const input of [{ camera_id: "nowhere" }, { rule: "peopel" }]) {
      const refused = await op("snooze_alerts", { ...input, minutes: 1 });
      assertEquals(refused.error_code, "not_found", JSON.stringify(input));
    }
  });
});

Deno.test("test_alert_channel: sends a test with a picture, tells why it was not taken, names the channels", async () => {
  await withDesk(async ({ op, a }) => {
    const answer = await op("test_alert_channel", { channel: "a", camera_id: "door" });
    assertEquals([answer.success, answer.type, answer.verified], [true, "webhook", "acknowledged"]);
    assertEquals([a.got[0]?.state, a.got[0]?.camera?.name], ["test", "Front door"]);
    assertEquals((await a.got[0]?.snapshot?.(new AbortController().signal))?.length, 4);
    a.failure = new HubError("unavailable", "The webhook refused the connection");
    assertStringIncludes(
      (await op("test_alert_channel", { channel: "a" })).message,
      "refused the connection",
    );
    const unknown = await op("test_alert_channel", { channel: "b" });
    assertEquals(unknown.error_code, "not_found");
    assertMatch(JSON.stringify(unknown.recovery_options), /The channels are: a/);
  });
});

Deno.test("[ALERT-DEAD] list_dead_letters, retry_dead_letters, discard_dead_letters", async () => {
  await withDesk(async ({ op, person, a, as }) => {
    a.failure = new HubError("device_rejected", "The webhook refuses the message (HTTP 404)");
    await person();
    await person();
    const { dead_letters, total } = await op("list_dead_letters");
    assertEquals([total, dead_letters[0].channel, dead_letters[0].title, dead_letters[0].error], [
      2,
      "a",
      "Person at Front door",
      "The webhook refuses the message (HTTP 404)",
    ]);
    assertEquals((await (await as("/api/alerts/dead-letters?limit=1")).json()).dead_letters.length, 1);
    assertEquals((await op("retry_dead_letters", { dead_letter_id: 999 })).error_code, "not_found");
    a.failure = undefined;
    assertEquals((await op("retry_dead_letters", { dead_letter_id: dead_letters[1].id })).retried, 1);
    assertEquals((await op("list_dead_letters")).total, 1);
    const asked = await op("discard_dead_letters");
    assertEquals(
      [asked.success ?? false, (await op("list_dead_letters")).total],
      [false, 1],
      "it asks first",
    );
    assertEquals((await op("discard_dead_letters", { confirm: true })).discarded, 1);
    assertEquals((await op("list_dead_letters")).total, 0);
    assertEquals((await op("list_alerts")).alerts.length, 2);
  });
});

Deno.test("[ALERT-ARMED] set_alarm_mode: the house, one camera, back to the house; kept in the database", async () => {
  await withDesk(async ({ op, hub }) => {
    assertEquals((await op("get_alarm_mode")).mode, "disarmed");
    await op("set_alarm_mode", { mode: "away" });
    const own = await op("set_alarm_mode", { mode: "night", camera_id: "door" });
    assertEquals([own.mode, own.cameras, own.verified], [
      "away",
      [{ camera_id: "door", mode: "night", own: true }],
      "readback",
    ]);
    await hub.alerts.arming.load();
    assertEquals([hub.alerts.arming.house, hub.alerts.arming.modeAt("door")], ["away", "night"]);
    assertEquals((await op("set_alarm_mode", { mode: "as_house", camera_id: "door" })).cameras, [
      { camera_id: "door", mode: "away", own: false },
    ]);
    assertEquals((await op("set_alarm_mode", { mode: "as_house" })).error_code, "invalid_input");
    assertEquals((await op("set_alarm_mode", { mode: "away", camera_id: "no" })).error_code, "not_found");
  });
});
