// From an event to its messages: written together, delivered in order, again after failures, once each.
import { partsWith } from "./channel_parts.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Channel } from "../../../src/alerts/channel.ts";
import { buildChannel } from "../../../src/alerts/channels/index.ts";
import { webSender } from "../../../src/protocols/http/web_request.ts";
import { HubError } from "../../../src/base/errors.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { alertChannel } from "../../../src/config/alert_channels.ts";
import { NtfyServer } from "../../emulators/ntfy/server.ts";
import { inFolder } from "../events/desk.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { PEOPLE, type Stage, withAlerts } from "./stage.ts";

const titles = (got: readonly { title: string }[]) => got.map(({ title }) => title);
const down = () => new HubError("unavailable", "The webhook refused the connection");

async function outboxOf({ database }: Stage): Promise<unknown[][]> {
  const rows = await database.all(
    "SELECT channel, state, attempts, delivered_at IS NOT NULL AS sent, dead_at IS NOT NULL AS dead FROM outbox " +
      "ORDER BY id",
  );
  return rows.map(({ channel, state, attempts, sent, dead }) => [channel, state, attempts, sent, dead]);
}

Deno.test("[ALERT-DURABLE] an event, its alert and its messages are written in one transaction", async () => {
  await withAlerts(async (stage) => {
    stage.person();
    await stage.until(async () => (await stage.alerts.table.counts()).unacknowledged === 1, "the alert");
    const { alerts: [alert] } = await stage.alerts.table.list({ limit: 5 });
    const { events: [event] } = await stage.journal.list({ limit: 5 });
    assertEquals([alert?.event, alert?.rule, alert?.camera, alert?.title], [
      event?.seq,
      "people",
      "door",
      "Person at Front door",
    ]);
    assertEquals(await outboxOf(stage), [["a", "firing", 0, 0, 0], ["b", "firing", 0, 0, 0]]);
  }, { runs: false });
});

Deno.test("[ALERT-DURABLE] a database that fails in between loses and doubles nothing", async () => {
  await withAlerts(async (stage) => {
    // The table refuses the messages; the event is then not written either.
    await stage.database.all(
      "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT CAST(zeroblob(2000000000) AS TEXT) || 'x'; END",
    );
    stage.person();
    await stage.until(() => stage.journal.failure !== undefined, "the failure");
    assertEquals([
      (await stage.journal.list({ limit: 5 })).events,
      (await stage.alerts.table.list({ limit: 5 })).alerts,
    ], [[], []]);
    await stage.database.all("DROP TRIGGER full");
    await stage.pass(5, 1);
    await stage.until(() => stage.journal.failure === undefined, "the end of it");
    assertEquals([
      (await stage.journal.list({ limit: 5 })).events.length,
      (await stage.alerts.table.list({ limit: 5 })).alerts.length,
    ], [1, 1]);
    assertEquals(await outboxOf(stage), [["a", "firing", 0, 0, 0], ["b", "firing", 0, 0, 0]]);
  }, { runs: false });
});

Deno.test("[ALERT-DURABLE] an event that was given up before it could be written silences nothing that comes after it", async () => {
  await withAlerts(async (stage) => {
    await stage.database.all(
      "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT CAST(zeroblob(2000000000) AS TEXT) || 'x'; END",
    );
    // One that goes on, and so would keep the alert firing.
    stage.journal.open({ camera: "door", kind: "person", source: "onvif", startedAtMs: stage.clock.now() });
    await stage.until(() => stage.journal.failure !== undefined, "the failure");
    for (let count = 1; count <= 1000; count++) {
      const startedAtMs = stage.clock.now() + count;
      stage.journal.record({ camera: "yard", kind: "motion", source: "onvif", startedAtMs });
    }
    await stage.database.all("DROP TRIGGER full");
    await stage.pass(60, 5);
    await stage.until(() => stage.journal.failure === undefined, "the end of it");
    stage.person();
    await stage.until(async () => (await stage.alerts.table.counts()).unacknowledged === 1, "the alert");
    assertEquals((await outboxOf(stage)).length, 2);
  }, { runs: false });
});

Deno.test("messages reach each channel in their order, with a picture that is taken once", async () => {
  await withAlerts(async (stage) => {
    for (const zone of ["first", "second", "third"]) {
      stage.person({ details: { zone, score: 0.83 } });
      await stage.pass(1, 1);
    }
    await stage.until(() => stage.a.got.length === 3 && stage.b.got.length === 3, "all messages");
    const texts = ["first", "second", "third"].map((zone) =>
      `Person at Front door. Zone: ${zone}. Certainty: 83 %`
    );
    assertEquals([stage.a.got, stage.b.got].map((got) => got.map(({ text }) => text)), [texts, texts]);
    const [message] = stage.a.got;
    assertEquals(
      [message?.camera, message?.url, message?.severity, message?.state],
      [{ id: "door", name: "Front door" }, "http://pi.local:7777/alerts#alert-1", "warning", "firing"],
    );
    assert(message?.id !== stage.b.got[0]?.id, "each channel has a key of its own");
    const pictures = await Promise.all(
      [stage.a, stage.b].map(({ got }) => got[2]!.snapshot!(new AbortController().signal)),
    );
    assertEquals(pictures.map((each) => each?.length), [4, 4]);
    assertEquals(stage.snapshots, ["door"]);
    await stage.clock.advance(61_000);
    const late = await stage.a.got[0]!.snapshot!(new AbortController().signal);
    assertEquals(late, undefined, "a picture of a minute later shows something else");
  });
});

Deno.test("[ALERT-OUTAGE] a channel that is down for an hour gets each message once, in order; others do not wait", async () => {
  await using server = new NtfyServer();
  await withAlerts(async (stage) => {
    const web = webSender({ network: new NetworkGuard(["127.0.0.1"]), clock: stage.clock });
    const config = alertChannel.parse({ id: "a", type: "ntfy", server: server.url, topic: "house" });
    const real = buildChannel(config, partsWith(web));
    // The exchange runs in real time: the clock moves on when it is over.
    let under = 0;
    stage.channels = new Map<string, Channel>([["a", {
      ...real,
      send: async (message, signal) => {
        under++;
        await real.send(message, signal).finally(() => under--);
      },
    }], ["b", stage.b]]);
    stage.alerts.reload();
    server.fault = { status: 503 };
    for (let minute = 0; minute < 60; minute++) {
      if (minute % 10 === 0) stage.person({ details: { zone: `z${minute}` } });
      await stage.pass(60, 30);
      await stage.until(() => under === 0, "the exchange");
    }
    await stage.until(() => stage.b.got.length === 6, "the other channel");
    assertEquals(server.messages, []);
    const triesWhileDown = server.requests;
    // 5 s, doubling, at most 15 min: an hour takes a dozen tries or so, not hundreds.
    assert(triesWhileDown >= 8 && triesWhileDown <= 20, `${triesWhileDown} tries`);
    server.fault = undefined;
    for (let turn = 0; turn < 60 && server.messages.length < 6; turn++) {
      await stage.pass(30, 30);
      await stage.until(() => under === 0, "the exchange");
    }
    const zones = server.messages.map(({ message }) => /z\d+/.exec(message)?.[0]);
    assertEquals(zones, ["z0", "z10", "z20", "z30", "z40", "z50"]);
    const keys = server.messages.map(({ headers }) => headers["x-idempotency-key"]);
    assertEquals(new Set(keys).size, 6);
    await stage.pass(960, 240);
    assertEquals(server.messages.length, 6, "none comes again");
    assertEquals(await stage.alerts.messages.counts(), { waiting: 0, dead: 0 });
  });
});

Deno.test("Retry-After is honoured, and the key stays the same with every try", async () => {
  await withAlerts(async (stage) => {
    const start = stage.clock.now();
    stage.a.failure = new HubError("unavailable", "busy", { retryAtMs: start + 600_000 });
    stage.person();
    await stage.until(() => stage.a.tries === 1, "the first try");
    await stage.pass(590, 10);
    assertEquals(stage.a.tries, 1);
    stage.a.failure = undefined;
    await stage.pass(20, 5);
    await stage.until(() => stage.a.got.length === 1, "the second try");
    assertEquals(stage.a.tries, 2);
    const [row] = await stage.database.all("SELECT key, attempts FROM outbox WHERE channel = 'a'");
    assertEquals([row?.key, row?.attempts], [stage.a.got[0]?.id, 1]);
  });
});

Deno.test("[ALERT-DEAD] what is refused is a dead letter at once, what cannot be delivered is one after days; retry sends it", async () => {
  await withAlerts(async (stage) => {
    stage.a.failure = new HubError("device_rejected", "The webhook refuses the message (HTTP 401)", {
      hint: "Check the token",
    });
    stage.b.failure = down();
    stage.person();
    await stage.until(async () => (await stage.alerts.messages.counts()).dead === 1, "the dead letter");
    const [letter] = await stage.alerts.messages.dead(5);
    assertEquals(letter?.channel, "a");
    assertMatch(letter?.error ?? "", /refuses the message \(HTTP 401\)\. Check the token/);
    assertEquals(stage.a.tries, 1);
    await stage.pass(3300, 300);
    assertEquals(await stage.alerts.messages.counts(), { waiting: 1, dead: 1 });
    await stage.pass(1800, 300);
    assertEquals(await stage.alerts.messages.counts(), { waiting: 0, dead: 2 });
    stage.a.failure = stage.b.failure = undefined;
    assertEquals(await stage.alerts.retry(undefined), 2);
    await stage.until(() => stage.a.got.length === 1 && stage.b.got.length === 1, "both");
    assertEquals(await outboxOf(stage), [["a", "firing", 0, 1, 0], ["b", "firing", 0, 1, 0]]);
  }, { section: { give_up_days: 1 / 24 } });
});

Deno.test("a dead letter does not hold up what comes after it", async () => {
  await withAlerts(async (stage) => {
    stage.a.failure = new HubError("device_rejected", "no");
    stage.person();
    await stage.until(() => stage.a.tries === 1, "the first");
    stage.a.failure = undefined;
    stage.person();
    await stage.until(() => stage.a.got.length === 1, "the second");
  });
});

Deno.test("[ALERT-DURABLE] killed between journal and delivery, or while a channel is down: the next start delivers", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    await withAlerts(async (stage) => {
      stage.a.failure = down();
      stage.person();
      await stage.until(async () => (await outboxOf(stage))[0]?.[2] === 1, "the failed try");
      await stage.until(() => stage.b.got.length === 1, "the other channel");
    }, { path, clock, crashes: true });
    await withAlerts(async (stage) => {
      assertEquals(stage.a.got, []);
      await stage.pass(10);
      await stage.until(() => stage.a.got.length === 1, "the message");
      assertEquals(stage.b.got, [], "what was delivered stays so");
      stage.person();
      await stage.until(() => stage.b.got.length === 1, "another");
      assertEquals(stage.b.got[0]?.alert, 2, "numbers go on");
    }, { path, clock });
  });
});

Deno.test("[ALERT-DURABLE] killed while an event goes on: where its end is wanted, the next start tells it, once", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    const rule = { id: "people", when: { events: ["person"] }, cooldown_s: 0 };
    const section = { ...PEOPLE, rules: [{ ...rule, resolve: true }, { ...rule, id: "silent" }] };
    await withAlerts(async (stage) => {
      const startedAtMs = stage.clock.now();
      stage.journal.open({ camera: "door", kind: "person", source: "onvif", startedAtMs });
      await stage.until(() => stage.a.got.length === 2 && stage.b.got.length === 2, "the alerts");
    }, { path, clock, section, crashes: true });
    for (const ends of [1, 0]) {
      await withAlerts(async (stage) => {
        await stage.pass(20);
        await stage.until(() => stage.a.got.length === ends && stage.b.got.length === ends, "the end");
        assertEquals(
          stage.a.got.map(({ rule, state }) => [rule, state]),
          ends ? [["people", "resolved"]] : [],
        );
      }, { path, clock, section });
    }
  });
});

Deno.test("a clock that is set an hour forth or back neither holds messages up nor gives them up", async () => {
  for (const hours of [1, -1]) {
    await withAlerts(async (stage) => {
      stage.a.failure = down();
      stage.person();
      await stage.until(() => stage.a.tries === 1, "the first try");
      stage.clock.jumpTo(stage.clock.now() + hours * 3_600_000);
      stage.a.failure = undefined;
      await stage.pass(10);
      await stage.until(() => stage.a.got.length === 1, `delivery after ${hours} h`);
    }, { section: { give_up_days: 0.01 } });
  }
});

Deno.test("messages of a channel that the file no longer has are given up, and say so", async () => {
  await withAlerts(async (stage) => {
    stage.a.failure = down();
    stage.person();
    await stage.until(() => stage.a.tries === 1, "the first try");
    stage.channels = new Map([["b", stage.b]]);
    stage.alerts.reload();
    await stage.until(async () => (await stage.alerts.messages.counts()).dead === 1, "the dead letter");
    assertStringIncludes(
      (await stage.alerts.messages.dead(1))[0]?.error ?? "",
      'There is no channel "a" any more',
    );
  });
});

Deno.test("[ALERT-GROUP] what comes within the grouping window goes in one message that counts it", async () => {
  const rules = [{ ...PEOPLE.rules[0], group_s: 30, cooldown_s: 120 }];
  await withAlerts(async (stage) => {
    for (let count = 0; count < 4; count++) {
      stage.person();
      await stage.pass(5);
    }
    assertEquals(stage.a.tries, 0);
    await stage.pass(15);
    await stage.until(() => stage.a.got.length === 1, "the message");
    assertEquals([stage.a.got[0]?.count, stage.a.got[0]?.text], [4, "Person at Front door. 4 times so far"]);
  }, { section: { rules } });
});

Deno.test("[ALERT-THRESHOLDS] a camera that is away for five minutes is told, and that it is back, over a restart", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    const section = { ...PEOPLE, rules: [], thresholds: {} };
    await withAlerts(async (stage) => {
      stage.cameras = [{ id: "door", status: "online" }, { id: "yard", status: "disabled" }];
      await stage.pass(10);
      stage.cameras = [{ id: "door", status: "connecting" }, { id: "yard", status: "disabled" }];
      await stage.pass(150);
      stage.cameras = [{ id: "door", status: "offline" }, { id: "yard", status: "disabled" }];
      await stage.pass(150);
      assertEquals(stage.a.got, []);
      await stage.pass(15);
      await stage.until(() => stage.a.got.length === 1, "the alert");
      assertEquals(titles(stage.a.got), ["Front door is offline"]);
      assertMatch(stage.a.got[0]?.text ?? "", /^Away for 5 min 5 s\. .*more than 5 min$/);
      await stage.pass(300);
    }, { path, clock, section, crashes: true });
    await withAlerts(async (stage) => {
      await stage.pass(10);
      stage.cameras = [{ id: "door", status: "connecting" }];
      await stage.pass(10);
      stage.cameras = [{ id: "door", status: "offline" }];
      await stage.pass(400);
      assertEquals(stage.a.got, [], "it is neither over nor told anew");
      stage.cameras = [{ id: "door", status: "online" }];
      await stage.pass(10);
      await stage.until(() => stage.a.got.length === 1, "the end");
      assertEquals([titles(stage.a.got), stage.a.got[0]?.state], [
        ["Over: Front door is offline"],
        "resolved",
      ]);
    }, { path, clock, section });
  });
});

Deno.test("[ALERT-THRESHOLDS] temperature, latency and a burst of motion are measured; what is unknown is not", async () => {
  const section = { ...PEOPLE, rules: [], thresholds: {} };
  await withAlerts(async (stage) => {
    stage.cameras = [{ id: "door", status: "online" }];
    await stage.pass(300, 60);
    assertEquals(stage.opened, []);
    stage.temperature = 71.25;
    stage.connectTimes = [["door", 1500], ["gone", 9000]];
    await stage.pass(130);
    assertEquals(stage.opened, ["high-temperature", "high-latency"]);
    const motion = stage.journal.open({
      camera: "door",
      kind: "motion",
      source: "hub",
      startedAtMs: stage.clock.now(),
    });
    for (let count = 0; count < 10; count++) motion.extend(stage.clock.now());
    motion.close(stage.clock.now());
    await stage.pass(10);
    await stage.until(() => stage.opened.length === 3, "the burst");
    const texts = stage.a.got.map(({ text }) => text.split(".")[0]);
    assertEquals(stage.opened[2], "motion-burst");
    assertStringIncludes(texts.join(), "Time to connect: 1500 ms");
    await stage.pass(70);
    const { firing } = await stage.alerts.table.counts();
    assertEquals(firing, 2, "the burst is over after a minute without motion");
  }, { section });
});

Deno.test("[ALERT-ACK] an acknowledged alert is told to nobody further; the first who did it stands in it", async () => {
  const rules = [{ ...PEOPLE.rules[0], channels: ["a"], escalate: [{ after_min: 5, channels: ["b"] }] }];
  await withAlerts(async (stage) => {
    stage.person();
    await stage.until(() => stage.a.got.length === 1, "the first");
    await stage.alerts.engine.acknowledge(1, "anna", "a friend");
    const again = await stage.alerts.engine.acknowledge(1, "ben", undefined);
    assertEquals([again.acknowledgedBy, again.note], ["anna", "a friend"]);
    await stage.pass(600, 60);
    assertEquals(stage.b.got, []);
    stage.person();
    await stage.pass(600, 60);
    await stage.until(() => stage.b.got.length === 1, "the escalation");
    assertEquals(stage.b.got[0]?.alert, 2);
  }, { section: { rules } });
});

Deno.test("old alerts go with their messages; what still fires stays", async () => {
  await withAlerts(async (stage) => {
    stage.person();
    await stage.until(() => stage.a.got.length === 1 && stage.b.got.length === 1, "the messages");
    stage.clock.jumpTo(stage.clock.now() + 2 * 86_400_000);
    await stage.pass(3605, 601);
    assertEquals((await stage.alerts.table.list({ limit: 5 })).alerts, []);
    assertEquals(await outboxOf(stage), []);
  }, { section: { keep_days: 1 } });
});
