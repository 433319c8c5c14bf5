// The hub hears what the emulated camera observes, whatever becomes of the subscription.
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../../src/base/clock.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { abortError, HubError } from "../../../src/base/errors.ts";
import { classify } from "../../../src/protocols/onvif/classify.ts";
import { watchEvents } from "../../../src/protocols/onvif/events.ts";
import type { OnvifObservation } from "../../../src/protocols/onvif/observation.ts";
import { connect, forever, until } from "./client.ts";
import { OnvifEmulator } from "./emulator.ts";
import { type OnvifEmulatorOptions, TOPICS } from "./model.ts";

/** Real time, whose waits are over at once and are written down. */
function hastyClock(): Clock & { sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    ...systemClock,
    sleeps,
    sleep: (durationMs, signal) => {
      sleeps.push(durationMs);
      return new Promise((resolve, reject) =>
        setTimeout(() => signal?.aborted ? reject(abortError()) : resolve(), 1)
      );
    },
  };
}

interface Watching {
  camera: OnvifEmulator;
  heard: OnvifObservation[];
  gaps: string[];
  sleeps: number[];
  running: Promise<void>;
}

/**
 * Watches a camera while the body runs, then stops and checks that the hub said goodbye (unless it may not
 * have).
 */
async function watching(
  options: OnvifEmulatorOptions & { waitMs?: number; timeoutMs?: number; mayForget?: boolean },
  body: (watching: Watching) => Promise<void>,
): Promise<void> {
  await using camera = OnvifEmulator.start(options);
  using device = await connect(camera, { timeoutMs: options.timeoutMs });
  const controller = new AbortController();
  const clock = hastyClock();
  const [heard, gaps]: [OnvifObservation[], string[]] = [[], []];
  const running = watchEvents(device, {
    onMessage: (observation) => heard.push(observation),
    onGap: (reason) => gaps.push(reason),
    signal: controller.signal,
    clock,
    ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
  });
  running.catch(() => {/* the test looks at it */});
  try {
    await until(() => camera.subscriptions[0]?.pulls === 1, "a subscription");
    await body({ camera, heard, gaps, sleeps: clock.sleeps, running });
  } finally {
    controller.abort();
    await running.catch(() => {/* the test has looked at it */});
  }
  if (!options.mayForget) assertEquals(camera.subscriptions.length, 0);
  await until(() => camera.connections === 0, "the client to hang up");
}

Deno.test("watchEvents hears events as they come, and unsubscribes at the end", () =>
  watching({}, async ({ camera, heard, gaps }) => {
    const atMs = Date.UTC(2026, 1, 3, 4, 5, 6);
    camera.emit(...TOPICS.motion, true, { utcTimeMs: atMs, source: { Rule: 'A & "B"' } });
    await until(() => heard.length === 1, "motion");
    assertEquals(heard, [{
      topic: "RuleEngine/CellMotionDetector/Motion",
      source: { Rule: 'A & "B"' },
      data: { IsMotion: "true" },
      operation: "Changed",
      utcTimeMs: atMs,
    }]);
    camera.emit(...TOPICS.motion, false);
    camera.emit(...TOPICS.people, true, { operation: undefined });
    await until(() => heard.length === 3, "the others");
    assertEquals(heard.map((each) => classify(each)), [
      { kind: "motion", active: true },
      { kind: "motion", active: false },
      { kind: "person", active: true },
    ]);
    assertEquals([gaps, camera.subscriptionsCreated], [[], 1]);
  }));

Deno.test("watchEvents: two hundred events in one burst come in order", () =>
  watching({}, async ({ camera, heard }) => {
    for (let at = 0; at < 200; at++) camera.emit(...TOPICS.motion, at % 2 === 0, { source: { At: `${at}` } });
    await until(() => heard.length === 200, "all");
    assert(heard.every(({ source }, at) => source.At === `${at}`));
  }));

Deno.test("watchEvents: a camera that never tells the end of an event is heard as it is", () =>
  watching({ flavour: "tapo", omitsFallingEdges: true }, async ({ camera, heard }) => {
    camera.emit(...TOPICS.vehicle, true);
    camera.emit(...TOPICS.vehicle, false);
    camera.emit(...TOPICS.pet, true);
    await until(() => heard.length === 2, "both");
    assertEquals(heard.map((each) => classify(each)), [
      { kind: "vehicle", active: true },
      { kind: "pet", active: true },
    ]);
  }));

Deno.test("watchEvents subscribes anew when the camera has forgotten it, and tells the gap once", () =>
  watching({}, async ({ camera, heard, gaps, sleeps }) => {
    camera.loseSubscription();
    await until(() => camera.subscriptions[0]?.pulls === 1, "a new subscription");
    camera.emit(...TOPICS.motion, true);
    await until(() => heard.length === 1, "motion");
    assertEquals(gaps, ["The camera refused: The subscription is unknown"]);
    assertEquals([camera.subscriptionsCreated, sleeps.length], [2, 1]);
    camera.expire();
    await until(() => camera.subscriptionsCreated === 3 && camera.subscriptions[0]?.pulls === 1, "a third");
    assertEquals(gaps.length, 2);
  }));

Deno.test("watchEvents renews before the subscription ends", () =>
  watching({ subscriptionMs: 400, waitMs: 20 }, async ({ camera, gaps }) => {
    await until(() => (camera.subscriptions[0]?.renewals ?? 0) >= 3, "renewals");
    assertEquals([camera.subscriptionsCreated, gaps], [1, []]);
  }));

Deno.test("watchEvents lives with a camera that cannot renew", () =>
  watching({ subscriptionMs: 200, waitMs: 20, refuses: ["Renew"] }, async ({ camera, gaps, heard }) => {
    await until(() => camera.subscriptionsCreated === 3, "new subscriptions");
    assert(camera.calls.filter((call) => call === "Renew").length <= 3);
    camera.emit(...TOPICS.motion, true);
    await until(() => heard.length === 1, "motion");
    assert(gaps.length >= 2);
  }));

Deno.test("watchEvents waits longer after each failure, and goes on when the camera is back", () =>
  watching({}, async ({ camera, heard, gaps, sleeps }) => {
    await camera.offline();
    await until(() => sleeps.length >= 5, "tries");
    camera.online();
    // The old one is taken leave of once the new one stands.
    await until(() => camera.subscriptionsCreated === 2 && camera.unsubscribed === 1, "a new one");
    assertEquals(camera.subscriptions.length, 1);
    camera.emit(...TOPICS.tamper, "1");
    await until(() => heard.length === 1, "the event");
    assertEquals(heard.map((each) => classify(each)), [{ kind: "tamper", active: true }]);
    // What the first failure is called depends on what was under way.
    assertEquals(gaps.length, 1, gaps.join());
    const [first = 0, , third = 0, , fifth = 0] = sleeps;
    assert(first <= 1000 && third > 1000 && fifth > third, sleeps.join());
  }));

for (const fault of ["reset", "hang_up", "error500", "garbage", "endless"] as const) {
  Deno.test(`watchEvents gets over a camera that answers with "${fault}" for a while`, () =>
    watching({}, async ({ camera, heard, gaps }) => {
      camera.fail(fault, { times: 6 });
      camera.loseSubscription();
      await until(() => camera.subscriptions[0]?.pulls === 1, "a new subscription");
      camera.emit(...TOPICS.motion, true);
      await until(() => heard.length === 1, "motion");
      assertEquals(gaps.length, 1);
    }));
}

Deno.test("watchEvents gets over a camera that falls silent", () =>
  watching({ timeoutMs: 100 }, async ({ camera, heard, gaps }) => {
    camera.fail("stall", { operation: "CreatePullPointSubscription", times: 2 });
    camera.loseSubscription();
    await until(() => camera.subscriptions[0]?.pulls === 1, "a new subscription");
    camera.emit(...TOPICS.motion, true);
    await until(() => heard.length === 1, "motion");
    assertEquals(gaps.length, 1);
  }));

Deno.test("watchEvents gives a camera up that breaks every wait off, and tries again", () =>
  watching(
    { flavour: "tapo", breaksPullsAfterMs: 50, waitMs: 80, mayForget: true },
    async ({ camera, gaps }) => {
      // Shorter than two seconds it does not get: here no wait gets through.
      await until(() => gaps.length === 1 && camera.unsubscribed > 0, "the gap");
      assertEquals(gaps, ["The camera broke the connection off"]);
    },
  ));

Deno.test("watchEvents: a wait that is broken off once costs no subscription", () =>
  watching({ waitMs: 9000 }, async ({ camera, heard, gaps }) => {
    camera.fail("hang_up", { operation: "PullMessages", times: 1 });
    camera.emit(...TOPICS.motion, true);
    await until(() => heard.length === 1, "motion");
    await until(() => camera.calls.filter((call) => call === "PullMessages").length === 3, "the pulls");
    camera.emit(...TOPICS.motion, false);
    await until(() => heard.length === 2, "its end");
    assertEquals([camera.subscriptionsCreated, gaps], [1, []]);
  }));

Deno.test("watchEvents pauses when the camera answers at once though it has nothing to tell", () =>
  watching({ hastyPulls: true }, async ({ camera, sleeps }) => {
    await until(() => sleeps.length >= 3, "pauses");
    assert(sleeps.every((ms) => ms === 1000));
    assertEquals(camera.subscriptionsCreated, 1);
  }));

Deno.test("watchEvents sends back what tells subscriptions apart", () =>
  watching({ usesReferenceParameters: true }, async ({ camera, heard }) => {
    camera.emit(...TOPICS.lineCross, true);
    await until(() => heard.length === 1, "the event");
    assertEquals(camera.subscriptionsCreated, 1);
  }));

Deno.test("watchEvents follows the camera to the port of its subscriptions", () =>
  watching({ ownEventPort: true }, async ({ camera, heard }) => {
    camera.emit(...TOPICS.intrusion, true);
    await until(() => heard.length === 1, "the event");
    assertEquals(camera.subscriptionsCreated, 1);
  }));

Deno.test("watchEvents stays with the camera when that names another host", () =>
  watching({ advertisedHost: "10.99.99.99" }, async ({ camera, heard }) => {
    camera.emit(...TOPICS.motionAlarm, true);
    await until(() => heard.length === 1, "the event");
  }));

Deno.test("watchEvents hears a camera whose clock is a day behind", () =>
  watching({ clockSkewMs: -86_400_000, subscriptionMs: 300, waitMs: 20 }, async ({ camera, heard, gaps }) => {
    await until(() => (camera.subscriptions[0]?.renewals ?? 0) >= 2, "renewals");
    camera.emit(...TOPICS.motion, true);
    await until(() => heard.length === 1, "motion");
    assertEquals([camera.subscriptionsCreated, gaps], [1, []]);
  }));

Deno.test("watchEvents ends when the password was changed, after a single wrong try", () =>
  watching({ waitMs: 20, mayForget: true }, async ({ camera, running }) => {
    camera.setPassword("changed");
    const error = await assertRejects(() => running, HubError);
    assertEquals([error.kind, camera.authFailures], ["unauthenticated", 1]);
  }));

Deno.test("watchEvents: a camera without events says so", async () => {
  await using camera = OnvifEmulator.start({ refuses: ["CreatePullPointSubscription"] });
  using device = await connect(camera);
  const watched = watchEvents(device, { onMessage: () => {}, signal: forever, clock: hastyClock() });
  assertEquals((await assertRejects(() => watched, HubError)).kind, "unsupported");
});

Deno.test("watchEvents that is aborted before it begins does nothing", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  await watchEvents(device, { onMessage: () => {}, signal: AbortSignal.abort(), clock: hastyClock() });
  assertEquals(camera.subscriptionsCreated, 0);
});
