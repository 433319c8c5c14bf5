// Cameras that observe, come, go and fall silent, and what the journal then says.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Callbacks, spec, withScene } from "./scene.ts";

Deno.test("EventObserver: observations become events with the hub's times, and with the device's beside them", async () => {
  await withScene(async ({ manager, clock, journal, observer, tell, read }) => {
    manager.add(spec());
    await settle();
    await clock.advance(1000);
    tell("motion", true, 77);
    assertEquals(observer.activeKinds("door"), ["motion"]);
    await clock.advance(4000);
    tell("motion", true, 78);
    tell("doorbell", undefined);
    await clock.advance(2000);
    tell("motion", false);
    assertEquals([observer.activeKinds("door"), observer.activeKinds("x")], [[], []]);
    assertEquals(await read(), ["camera_state 0- x1 online", "motion 1-7 x2", "doorbell 5-5 x1"]);
    const [motion] = (await journal.list({ kind: "motion", limit: 1 })).events;
    assertEquals([motion?.camera, motion?.source, motion?.deviceAtMs], ["door", "toy", 77]);
  });
});

Deno.test("EventObserver: an event whose end is never told ends by itself", async () => {
  await withScene(async ({ manager, clock, observer, tell, read }) => {
    manager.add(spec());
    await settle();
    tell("person", true);
    await clock.advance(5000);
    tell("person", true);
    await clock.advance(59_000);
    assertEquals(observer.activeKinds("door"), ["person"]);
    await clock.advance(1000);
    assertEquals(observer.activeKinds("door"), []);
    assertEquals(await read({ kind: "person" }), ["person 0-5 x2 timeout"]);
  });
});

Deno.test("EventObserver: a state goes on until its end is told, however long, and not over a gap", async () => {
  await withScene(async ({ manager, clock, observer, watchers, read }) => {
    manager.add(spec());
    await settle();
    const [{ onObservation, onGap }] = watchers as unknown as [Callbacks];
    const tell = (active: boolean) => onObservation({ kind: "motion", active, isState: true, source: "toy" });
    tell(true);
    await clock.advance(900_000);
    assertEquals(observer.activeKinds("door"), ["motion"]);
    tell(false);
    assertEquals(await read({ kind: "motion" }), ["motion 0-900 x1"]);
    await clock.advance(100_000);
    tell(true);
    await clock.advance(200_000);
    onGap("The subscription was lost");
    await clock.advance(59_000);
    assertEquals(observer.activeKinds("door"), ["motion"]);
    await clock.advance(1000);
    assertEquals(observer.activeKinds("door"), []);
    assertEquals((await read({ kind: "motion" })).at(-1), "motion 1000-1200 x1 timeout");
  });
});

Deno.test("EventObserver: what begins again soon is the same row", async () => {
  await withScene(async ({ manager, clock, tell, read }) => {
    manager.add(spec());
    await settle();
    tell("motion", true);
    await clock.advance(1000);
    tell("motion", false);
    assertEquals(await read({ kind: "motion" }), ["motion 0-1 x1"]);
    await clock.advance(4000);
    tell("motion", true);
    assertEquals(await read({ kind: "motion" }), ["motion 0- x2"]);
    await clock.advance(1000);
    tell("motion", false);
    assertEquals(await read({ kind: "motion" }), ["motion 0-6 x2"]);
  });
});

Deno.test("EventObserver: when the device is lost its events end, and watching begins anew with the next one", async () => {
  await withScene(async ({ manager, clock, toys, watchers, tell, read }) => {
    manager.add(spec());
    await settle();
    tell("motion", true);
    await clock.advance(3000);
    toys.lose("door");
    await settle();
    assertEquals(watchers.size, 0);
    await clock.advance(2000);
    await settle();
    tell("motion", true);
    const [first, lost, back, motion, again] = [
      ...await read({ kind: "camera_state" }),
      ...await read({ kind: "motion" }),
    ];
    assert(lost?.startsWith("camera_state 3-") && lost.endsWith("x1 offline pulled out online"), lost);
    assertEquals(first, "camera_state 0-3 x1 online");
    assert(back?.endsWith("- x1 online offline"), back);
    assertEquals(motion, "motion 0-3 x1 device_lost");
    assertEquals(again, "motion 5- x1");
  });
});

Deno.test("EventObserver: stopping or removing a camera ends its events; nothing is left open", async () => {
  await withScene(async ({ manager, clock, watchers, tell, read }) => {
    const camera = manager.add(spec());
    await settle();
    tell("sound", true);
    await clock.advance(1000);
    camera.update({ enabled: false });
    await settle();
    assertEquals(watchers.size, 0);
    await clock.advance(1000);
    await manager.remove("door");
    assertEquals(await read(), [
      "camera_state 0-1 x1 online",
      "sound 0-1 x1 stopped",
      "camera_state 1-2 x1 disabled Stopped by a user online stopped",
    ]);
  });
});

Deno.test("EventObserver: a start in a moment is one row, a slow one two", async () => {
  await withScene(async ({ manager, clock, toys, read }) => {
    const gate = Promise.withResolvers<void>();
    toys.gate = gate.promise;
    manager.add(spec());
    await settle();
    await clock.advance(1900);
    assertEquals(await read(), []);
    await clock.advance(100);
    assertEquals(await read(), ["camera_state 0- x1 connecting Opening the device"]);
    await clock.advance(1000);
    gate.resolve();
    await settle();
    assertEquals(await read(), [
      "camera_state 0-3 x1 connecting Opening the device",
      "camera_state 3- x1 online connecting",
    ]);
  });
});

Deno.test("EventObserver: a gap told by the device is journalled, a row of gaps as one", async () => {
  await withScene(async ({ manager, clock, watchers, read }) => {
    manager.add(spec());
    await settle();
    for (let n = 0; n < 3; n++) {
      for (const each of watchers) each.onGap("The subscription was lost");
      await clock.advance(2000);
    }
    await clock.advance(10_000);
    const [gap] = await read({ kind: "gap" });
    assertEquals(gap, "gap 0-4 x3 The subscription was lost");
  });
});

Deno.test("EventObserver: watching that fails is told once, tried again, and works when it can", async () => {
  await withScene(async ({ manager, clock, refusal, watchers, lines, tell, read }) => {
    refusal.error = new HubError("device_rejected", "No room for a subscription");
    manager.add(spec());
    await settle();
    await clock.advance(600_000);
    assertEquals(await read({ kind: "gap" }), ["gap 0-0 x1 No room for a subscription"]);
    assertEquals(lines.filter((line) => line.includes("cannot be watched")).length, 1);
    refusal.error = undefined;
    await clock.advance(300_000);
    assertEquals(watchers.size, 1);
    tell("motion", undefined);
    assertEquals((await read({ kind: "motion" })).length, 1);
  });
});

Deno.test("EventObserver: a camera without observations has its states only", async () => {
  await withScene(async ({ manager, clock, toys, watchers, read }) => {
    toys.capabilities = {};
    manager.add(spec());
    await settle();
    await clock.advance(120_000);
    assertEquals([watchers.size, await read()], [0, ["camera_state 0- x1 online"]]);
  });
});

Deno.test("EventObserver: what a watcher tells after its device is gone is not believed", async () => {
  await withScene(async ({ manager, clock, toys, watchers, read }) => {
    manager.add(spec());
    await settle();
    const [late] = watchers;
    toys.lose("door");
    await settle();
    late?.onObservation({ kind: "motion", active: true, source: "toy" });
    late?.onGap("too late");
    await clock.advance(2000);
    assertEquals([await read({ kind: "motion" }), await read({ kind: "gap" })], [[], []]);
  });
});
