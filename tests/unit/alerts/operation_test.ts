// Channels that act on the hub itself: once, in time, at the camera of the alert, and never in a circle.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Delivered } from "../../../src/alerts/channels/delivered.ts";
import { type Action, operationChannel } from "../../../src/alerts/channels/operation.ts";
import { HubError } from "../../../src/base/errors.ts";
import { operationChannel as schema } from "../../../src/config/actions.ts";
import type { Clock } from "../../../src/base/clock.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { inFolder } from "../events/desk.ts";
import { someAlert } from "./messages.ts";
import { type Stage, type StageOptions, withAlerts } from "./stage.ts";

const RULE = { id: "people", when: { events: ["person"] }, cooldown_s: 0, channels: ["siren"] };
const SIREN = { id: "siren", type: "operation", operation: "sound_siren", input: { camera_id: "{camera}" } };
const signal = new AbortController().signal;
const offline = () => new HubError("unavailable", 'Camera "door" is offline', { hint: "It is tried again" });

/** For good, in these words. */
async function refused(send: () => Promise<void>, words: string): Promise<void> {
  const error = await assertRejects(send, HubError);
  assertStringIncludes(error.message, words);
  assert(!error.retryable);
}

/** What was done, and what fails meanwhile. */
class Doer {
  readonly done: Action[] = [];
  tries = 0;
  failure: ((action: Action) => HubError | undefined) | undefined;

  readonly act = (action: Action): Promise<void> => {
    this.tries++;
    const failure = this.failure?.(action);
    if (failure) return Promise.reject(failure);
    this.done.push(action);
    return Promise.resolve();
  };

  channel(config: Record<string, unknown>, clock: Clock) {
    return operationChannel(schema.parse(config), { act: this.act, clock, done: new Delivered() });
  }
}

/** A house whose channels act. */
async function withActions(
  work: (stage: Stage, doer: Doer) => Promise<void>,
  { channels = [SIREN], rules = [RULE], ...options }: StageOptions & {
    channels?: Record<string, unknown>[];
    rules?: Record<string, unknown>[];
  } = {},
  doer = new Doer(),
): Promise<void> {
  const clock = options.clock ?? new FakeClock();
  await withAlerts((stage) => work(stage, doer), {
    ...options,
    clock,
    section: { ...options.section, channels, rules },
    prepare: (site) => {
      site.channels = new Map(
        channels.filter(({ type }) => type === "operation").map((
          each,
        ) => [String(each.id), doer.channel(each, clock)]),
      );
    },
  });
}

async function ends(stage: Stage): Promise<unknown[][]> {
  const rows = await stage.database.all(
    "SELECT channel, state, attempts, error, dead_at FROM outbox ORDER BY id",
  );
  return rows.map(({ channel, state, attempts, error, dead_at: dead }) => [
    channel,
    state,
    attempts,
    dead === null ? "" : error,
  ]);
}

Deno.test("[ALERTS-ACTION-DONE] an alert has the hub do what its channel names, at its camera, in the name of rule and channel", async () => {
  await withActions(async (stage, doer) => {
    stage.person({ camera: "yard" });
    await stage.until(() => doer.done.length === 1, "the siren");
    assertEquals(doer.done, [
      { operation: "sound_siren", input: { camera_id: "yard" }, by: "rule:people/siren" },
    ]);
    await stage.until(async () => (await stage.alerts.messages.counts()).waiting === 0, "the note of it");
    assertEquals(await ends(stage), [["siren", "firing", 0, ""]]);
  });
});

Deno.test("[ALERTS-ACTION-NAMED] a rule that names no channel tells all and has nothing done; severity and quiet hours hold", async () => {
  const tells = { id: "a", type: "webhook", url: "http://a.test/" };
  const open = { id: "people", when: { events: ["person"] }, cooldown_s: 0 };
  await withActions(async (stage) => {
    stage.person();
    await stage.until(async () => (await ends(stage)).length > 0, "the message");
    assertEquals((await ends(stage)).map(([channel]) => channel), ["a"]);
  }, { channels: [tells, SIREN], rules: [open], runs: false });
  for (
    const held of [
      { channels: [{ ...SIREN, min_severity: "critical" }] },
      { section: { quiet_hours: [{}] } },
    ]
  ) {
    await withActions(async (stage) => {
      stage.person();
      await stage.until(async () => (await stage.alerts.table.counts()).unacknowledged === 1, "the alert");
      assertEquals(await ends(stage), []);
    }, { ...held, runs: false });
  }
});

Deno.test("[ALERTS-ACTION-LATE] what is late by more than max_age_s is not done: not after a restart, nor when it is tried again", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    await withActions(async (stage) => {
      stage.person();
      await stage.until(async () => (await ends(stage)).length === 1, "the message");
    }, { path, clock, runs: false });
    await clock.leap(3_600_000);
    await withActions(async (stage, doer) => {
      const dead = async () => (await stage.alerts.messages.counts()).dead === 1;
      await stage.until(dead, "the dead letter");
      const [[, , , error]] = await ends(stage) as [unknown[]];
      assertMatch(String(error), /^sound_siren was not done: it is 1 h late, .* more than 1 min.*max_age_s/);
      await stage.alerts.retry(undefined);
      await stage.until(dead, "the dead letter once more");
      assertEquals([doer.tries, doer.done], [0, []]);
    }, { path, clock });
  });
});

Deno.test("[ALERTS-ACTION-LATE] a short restart delays it, a clock that was set back gives it up, and group_s is no delay", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    await withActions(async (stage) => {
      stage.person();
      await stage.until(async () => (await ends(stage)).length === 1, "the message");
    }, { path, clock, runs: false });
    await clock.leap(20_000);
    await withActions(async (stage, doer) => {
      await stage.until(() => doer.done.length === 1, "the siren");
      stage.person();
      await stage.until(() => doer.done.length === 2, "the next");
    }, { path, clock });
  });
  const doer = new Doer();
  const clock = new FakeClock();
  const channel = doer.channel(SIREN, clock);
  const ahead = someAlert({ dueAtMs: clock.now() + 3_600_000 });
  await refused(() => channel.send(ahead, signal), "the clock was set back");
  await withActions(async (stage, doer) => {
    stage.person();
    await stage.pass(115, 5);
    assertEquals(doer.tries, 0);
    await stage.pass(10, 5);
    await stage.until(() => doer.done.length === 1, "the siren");
  }, { rules: [{ ...RULE, group_s: 120 }] });
});

Deno.test("[ALERTS-ACTION-RETRY] a camera that is away is tried again within max_age_s, others do not wait for it, and the error is the operation's own", async () => {
  const doer = new Doer();
  doer.failure = ({ input }) => input["camera_id"] === "door" ? offline() : undefined;
  await withActions(
    async (stage) => {
      stage.person();
      await stage.until(() => doer.tries === 1, "the first try");
      stage.person({ camera: "yard" });
      await stage.until(() => doer.done.length === 1, "the other camera");
      assertEquals(doer.done[0]?.input, { camera_id: "yard" });
      await stage.pass(70, 5);
      await stage.until(async () => (await stage.alerts.messages.counts()).dead === 1, "the dead letter");
      assertEquals((await ends(stage))[0]?.[3], 'Camera "door" is offline. It is tried again');
      assertEquals(doer.tries, 14);
      doer.failure = undefined;
      stage.person();
      await stage.until(() => doer.done.length === 2, "the camera that is back");
      doer.failure = () => new HubError("device_rejected", "The camera has no siren");
      stage.person();
      await stage.until(
        async () => (await stage.alerts.messages.counts()).dead === 2,
        "what is refused for good",
      );
    },
    {},
    doer,
  );
});

Deno.test("[ALERTS-ACTION-ONCE] a message that is sent twice acts once; at most thirty times in ten minutes for one camera", async () => {
  const [doer, clock] = [new Doer(), new FakeClock()];
  const channel = doer.channel(SIREN, clock);
  const now = (id: string, camera = "door") =>
    someAlert({ id, dueAtMs: clock.now(), camera: { id: camera, name: camera } });
  await channel.send(now("m"), signal);
  await channel.send(now("m"), signal);
  assertEquals(doer.done.length, 1);
  for (let count = 1; count < 30; count++) await channel.send(now(`m${count}`), signal);
  await refused(() => channel.send(now("n"), signal), "30 times in ten minutes");
  await channel.send(now("o", "yard"), signal);
  await clock.leap(600_001);
  await channel.send(now("p"), signal);
  assertEquals(doer.done.length, 32);
});

Deno.test("[ALERTS-ACTION-LOOP] a rule that its own action fires again acts once within cooldown_s", async () => {
  const doer = new Doer();
  await withActions(
    async (stage) => {
      doer.failure = () => {
        // What the siren writes into the journal, as the operation does.
        stage.journal.record({
          camera: "door",
          kind: "alarm",
          source: "hub",
          startedAtMs: stage.clock.now(),
        });
        return undefined;
      };
      stage.journal.record({
        camera: "door",
        kind: "alarm",
        source: "hub",
        startedAtMs: stage.clock.now() - 1,
      });
      await stage.until(() => doer.done.length === 1, "the siren");
      await stage.pass(300, 5);
      assertEquals([doer.done.length, (await stage.alerts.table.list({ limit: 9 })).alerts.length], [1, 1]);
      const { alerts: [alert] } = await stage.alerts.table.list({ limit: 9 });
      assertEquals(alert?.count, 2);
    },
    { rules: [{ id: "loop", when: { events: ["alarm"] }, channels: ["siren"] }] },
    doer,
  );
});

Deno.test("[ALERTS-ACTION-RESOLVED] a channel acts at the beginning or at the end, as its `on` says", async () => {
  const stop = { ...SIREN, id: "stop", operation: "stop_siren", on: "resolved" };
  await withActions(async (stage, doer) => {
    const handle = stage.journal.open({
      camera: "door",
      kind: "person",
      source: "onvif",
      startedAtMs: stage.clock.now(),
    });
    await stage.until(() => doer.done.length === 1, "the siren");
    await stage.pass(10, 5);
    handle.close(stage.clock.now());
    await stage.until(() => doer.done.length === 2, "its end");
    assertEquals(doer.done.map(({ operation, by }) => [operation, by]), [
      ["sound_siren", "rule:people/siren"],
      ["stop_siren", "rule:people/stop"],
    ]);
    await stage.until(async () => (await stage.alerts.messages.counts()).waiting === 0, "the note of it");
    assertEquals((await ends(stage)).map(([channel, state]) => [channel, state]), [
      ["siren", "firing"],
      ["stop", "resolved"],
    ]);
  }, { channels: [SIREN, stop], rules: [{ ...RULE, channels: ["siren", "stop"], resolve: true }] });
});

Deno.test("[ALERTS-ACTION-RESOLVED] an escalation acts when its step is taken", async () => {
  await withActions(async (stage, doer) => {
    stage.person();
    await stage.pass(55, 5);
    assertEquals(doer.tries, 0);
    await stage.pass(10, 5);
    await stage.until(() => doer.done.length === 1, "the siren");
  }, { rules: [{ ...RULE, channels: [], escalate: [{ after_min: 1, channels: ["siren"] }] }] });
});

Deno.test("[ALERTS-ACTION-CAMERA] {camera} is filled in wherever it stands; an alert of no camera is given up in words; a test acts for real", async () => {
  const [doer, clock] = [new Doer(), new FakeClock()];
  const timer = {
    id: "t",
    type: "operation",
    operation: "set_timer",
    input: { name: "Look at {camera}", n: [1] },
  };
  const channel = doer.channel(timer, clock);
  await refused(
    () => channel.send(someAlert({ camera: undefined, dueAtMs: clock.now() }), signal),
    "the alert is of no camera",
  );
  await channel.send(someAlert({ state: "test", rule: "test", dueAtMs: 0 }), signal);
  assertEquals(doer.done, [
    { operation: "set_timer", input: { name: "Look at front-door", n: [1] }, by: "rule:test/t" },
  ]);
  assertEquals(channel.does, 'set_timer {"name":"Look at {camera}","n":[1]}');
});
