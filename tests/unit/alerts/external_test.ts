// Alerts from outside: what is read of a webhook, and what rules, the journal and a restart make of it.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { readWebhook } from "../../../src/alerts/external/webhook.ts";
import { HubError } from "../../../src/base/errors.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { alertmanagerBody, BEGAN, grafanaBody } from "../../tools/webhook_bodies.ts";
import { inFolder } from "../events/desk.ts";
import { type Stage, withAlerts } from "./stage.ts";

const HOUR_S = 3600;
const send = (stage: Stage, body: unknown) => stage.alerts.external.take(readWebhook(body));
const all = async (stage: Stage) => (await stage.alerts.table.list({ limit: 50 })).alerts;
const firing = async (stage: Stage) => (await all(stage)).filter(({ endedAtMs }) => endedAtMs === undefined);
const inJournal = async (stage: Stage) => (await stage.journal.list({ kind: "alert", limit: 50 })).events;

Deno.test("[ALERTS-IN-READ] readWebhook: Alertmanager's and Grafana's bodies are told apart and read", () => {
  const [prometheus] = readWebhook(alertmanagerBody());
  assertEquals(prometheus, {
    source: "alertmanager",
    fingerprint: "3c8b2b4d5e6f7a81",
    name: "CameraOffline",
    severity: "critical",
    title: "Front door is offline",
    text: "No picture for 5 minutes.",
    labels: { alertname: "CameraOffline", camera: "door", severity: "critical" },
    startsAtMs: Date.parse(BEGAN),
    isFiring: true,
  });
  const [grafana] = readWebhook(grafanaBody({ status: "resolved", endsAt: "2026-05-06T10:10:00+02:00" }));
  assertEquals(
    [grafana?.source, grafana?.name, grafana?.severity, grafana?.isFiring, grafana?.endsAtMs],
    ["grafana", "HighTemperature", "critical", false, Date.parse("2026-05-06T08:10:00Z")],
  );
});

Deno.test("[ALERTS-IN-READ] readWebhook: text from outside is bounded and cannot turn or break lines; odd fields are left alone", () => {
  const [read] = readWebhook({
    future: { anything: [1] },
    alerts: [{
      startsAt: BEGAN,
      labels: {
        alertname: "A".repeat(5000),
        number: 7,
        nested: { x: 1 },
        ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`l${i}`, "v".repeat(2000)])),
      },
      annotations: { summary: "one\u202Etwo\u0000\n<b>three</b>", description: "x".repeat(9000) },
    }],
  });
  assert(read);
  assertEquals([read.name.length, read.title, read.text.length], [200, "one two <b>three</b>", 2000]);
  assertEquals([read.severity, Object.keys(read.labels).length, read.labels["number"]], ["warning", 64, "7"]);
  assert(!("nested" in read.labels) && Object.values(read.labels).every(({ length }) => length <= 500));
  const again = readWebhook({ alerts: [{ startsAt: BEGAN, labels: { b: "2", a: "1" } }] })[0];
  const same = readWebhook({ alerts: [{ startsAt: BEGAN, labels: { a: "1", b: "2" } }] })[0];
  assertEquals([again?.fingerprint, again?.fingerprint.length], [same?.fingerprint, 16]);
});

Deno.test("[ALERTS-IN-READ] readWebhook: what is missing is named with its place", () => {
  const good = alertmanagerBody();
  const cases: [unknown, string][] = [
    [{}, "alerts: "],
    [{ ...good, alerts: [] }, "at least one alert"],
    [{ ...good, alerts: [{}] }, "alerts[0].labels"],
    [
      { ...good, alerts: [{ ...good.alerts[0], startsAt: "yesterday" }] },
      "alerts[0].startsAt: Expected a time",
    ],
    [{ ...good, alerts: [{ ...good.alerts[0], status: "maybe" }] }, "alerts[0].status"],
    [{ ...good, alerts: Array.from({ length: 501 }, () => good.alerts[0]) }, "at most 500"],
  ];
  for (const [body, words] of cases) {
    const error = assertThrows(() => readWebhook(body), HubError);
    assertEquals(error.kind, "invalid_input");
    assertStringIncludes(error.message, words);
  }
});

Deno.test("[ALERTS-IN-SHOWN] without a rule an alert stands on the page and in the journal, once, until it is resolved; nobody is told", async () => {
  await withAlerts(async (stage) => {
    assertEquals(await send(stage, alertmanagerBody()), { received: 1, began: 1, ended: 0 });
    await stage.until(async () => (await firing(stage)).length === 1, "the alert");
    for (let times = 0; times < 3; times++) {
      assertEquals(await send(stage, alertmanagerBody()), { received: 1, began: 0, ended: 0 });
      await stage.pass(600, 60);
    }
    const [alert] = await all(stage);
    assertEquals(
      [alert?.rule, alert?.camera, alert?.kind, alert?.severity, alert?.title, alert?.text, alert?.count],
      [
        "external-alerts",
        "door",
        "external",
        "critical",
        "Front door is offline",
        "No picture for 5 minutes. Reported by Alertmanager: CameraOffline",
        1,
      ],
    );
    assertEquals([alert?.value, alert?.endedAtMs], [undefined, undefined]);
    await send(stage, alertmanagerBody({ status: "resolved", endsAt: "2030-05-06T10:10:00Z" }));
    await stage.until(async () => (await firing(stage)).length === 0, "its end");
    const events = await inJournal(stage);
    assertEquals(events.map(({ source, camera, details }) => [source, camera, details?.["title"]]), [
      ["alertmanager", "door", "Front door is offline"],
    ]);
    assert(events[0]?.endedAtMs !== undefined && events[0].deviceAtMs === Date.parse(BEGAN));
    assertEquals([(await all(stage)).length, stage.a.got.length + stage.b.got.length], [1, 0]);
    assertEquals(await stage.alerts.table.countOwnFiring(), 0);
  });
});

Deno.test("[ALERTS-IN-RULES] rules take alerts from outside by name, severity, source and label, each alert by itself; the rest goes to the rule for it", async () => {
  const rules = [
    { id: "hot", when: { external: { source: "grafana", severity: "critical" } }, channels: ["a"] },
    {
      id: "away",
      when: { external: { name: "CameraOffline", labels: { job: "tapocam" } } },
      armed: "when_armed",
      channels: ["b"],
      title: "{camera}: {what}",
    },
  ];
  await withAlerts(async (stage) => {
    const job = { labels: { job: "tapocam" } };
    await send(stage, grafanaBody());
    await send(stage, alertmanagerBody({ ...job, fingerprint: "1" }, { fingerprint: "2" }));
    await stage.until(async () => (await firing(stage)).length === 3, "three alerts");
    const told = async () => (await firing(stage)).map(({ rule, subject }) => `${rule} ${subject}`).sort();
    assertEquals(await told(), [
      "external-alerts alertmanager:1",
      "external-alerts alertmanager:2",
      "hot grafana:3c8b2b4d5e6f7a81",
    ]);
    await stage.alerts.arming.setMode(undefined, "away");
    await stage.pass(5);
    await stage.until(() => stage.b.got.length === 1, "the message of the rule that holds now");
    assertEquals(stage.b.got[0]?.title, "Front door: Front door is offline");
    assertEquals(stage.a.got.map(({ title, severity }) => [title, severity]), [
      ["The kitchen is hot", "warning"],
    ]);
    await send(stage, grafanaBody({ status: "resolved" }));
    await stage.until(() => stage.a.got.length === 2, "the message of its end");
    assertEquals(stage.a.got[1]?.title, "Over: The kitchen is hot");
    assertEquals(await stage.alerts.table.countOwnFiring(), 0);
  }, { section: { rules } });
});

Deno.test("[ALERTS-IN-EXPIRE] an alert goes on over a restart without being told anew, and is over when nobody reports it for a day", async () => {
  const rules = [{ id: "all", when: { external: {} }, channels: ["a"] }];
  const clock = new FakeClock();
  await inFolder(async (path) => {
    await withAlerts(async (stage) => {
      await send(stage, alertmanagerBody());
      await stage.until(() => stage.a.got.length === 1, "the message");
    }, { path, clock, section: { rules }, crashes: true });
    await clock.leap(HOUR_S * 1000);
    await withAlerts(async (stage) => {
      await stage.pass(300, 60);
      const [alert, ...others] = await all(stage);
      assertEquals([alert?.endedAtMs, others.length, stage.a.got.length], [undefined, 0, 0]);
      const [newest, before] = await inJournal(stage);
      assertEquals([newest?.endedAtMs, before?.details?.["closed_by"]], [undefined, "restart"]);
      await stage.leap(22 * HOUR_S, HOUR_S);
      assertEquals((await firing(stage)).length, 1);
      await stage.leap(2 * HOUR_S, HOUR_S / 2);
      await stage.until(async () => (await firing(stage)).length === 0, "its end");
      await stage.until(() => stage.a.got.length === 1, "the message of its end");
      const [over] = await inJournal(stage);
      assertEquals(over?.details?.["closed_by"], "timeout");
      // It is reported again after all.
      assertEquals((await send(stage, alertmanagerBody())).began, 1);
      await stage.until(async () => (await firing(stage)).length === 1, "the alert again");
    }, { path, clock, section: { rules } });
  });
});

Deno.test("[ALERTS-IN-BOUNDS] an end from before the beginning ends nothing; beyond a thousand that go on the sender is told to try again", async () => {
  await withAlerts(async (stage) => {
    await send(stage, alertmanagerBody());
    assertEquals(
      (await send(stage, alertmanagerBody({ status: "resolved", endsAt: "2026-05-06T08:00:00Z" }))).ended,
      0,
    );
    const many = (from: number) =>
      alertmanagerBody(...Array.from({ length: 500 }, (_, i) => ({ fingerprint: `f${from + i}` })));
    await send(stage, many(0));
    const error = await assertRejects(() => send(stage, many(500)), HubError);
    assertEquals([error.kind, error.retryable], ["unavailable", true]);
    assertEquals(stage.alerts.external.measured().length, 501, "nothing of that body was taken in");
  }, { runs: false });
});
