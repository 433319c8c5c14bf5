// One camera on a live socket: whatever is told while it attaches or lets go, it is one viewer or none.
import { assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { Video } from "../../../src/devices/device.ts";
import { type LiveWish, Subscription } from "../../../src/http/live_subscription.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Site, withSite } from "../tools/app.ts";
import { toyDriver } from "../tools/devices.ts";
import { assertNothingRuns, until } from "../tools/processes.ts";
import { endlessArgs } from "../tools/videos.ts";

const stream = (name: string, size: string): Video => ({
  codec: "h264",
  framing: "mp4",
  modes: [{ format: "H264", width: Number(size.split("x")[0]), height: 0, fps: [] }],
  spec: () => Promise.resolve({ name, program: "ffmpeg" as const, args: endlessArgs({ size }) }),
  explain: () => new HubError("unavailable", `${name} broke off`),
});

/** Subscribes as a socket does: every change of a camera makes it look anew. */
function subscribe({ hub, manager }: Site, wish: LiveWish) {
  const told: Record<string, unknown>[] = [];
  const subscription = new Subscription(wish, hub, { text: (body) => told.push(body), picture: () => {} });
  const unsubscribe = manager.changes.subscribe(() => subscription.refresh());
  subscription.refresh();
  return {
    told,
    close: () => {
      unsubscribe();
      subscription.close();
    },
    /** As when the same camera is subscribed to anew on a socket that stays open. */
    closeListening: () => subscription.close(),
    unsubscribe,
  };
}

async function withCamera(work: (site: Site) => Promise<void>): Promise<void> {
  const toys = toyDriver();
  toys.capabilities = { video: { ...stream("main", "160x120"), sub: stream("small", "96x64") } };
  await withSite([toys.driver], async (site) => {
    await work(site);
  });
}

const spec = { id: "a", name: "a", type: "toy", enabled: true, origin: "store" as const, options: {} };

/** Waits out the linger on the fake clock, until nothing is read any more. */
async function assertLetGo(site: Site): Promise<void> {
  await settle();
  await until(async () => {
    await site.clock.advance(1000);
    return !site.media.find("a")?.main.isOpen && !site.media.find("a")?.sub.isOpen;
  }, "the streams to stop");
  assertEquals(site.media.viewers, 0);
  await assertNothingRuns(site.launcher);
}

for (const wish of [{ camera: "a" }, { camera: "a", enough_width: 80 }]) {
  const size = wish.enough_width === undefined ? "large" : "small";
  Deno.test(`Subscription: a camera that comes while somebody waits for its ${size} picture is read for one viewer`, () =>
    withCamera(async (site) => {
      const watching = subscribe(site, wish);
      site.manager.add(spec);
      await until(() => site.media.viewers > 0, "the viewer");
      await settle();
      assertEquals(site.media.viewers, 1);
      watching.close();
      await assertLetGo(site);
    }));
}

Deno.test("Subscription: letting go while changes are still heard does not attach anew", () =>
  withCamera(async (site) => {
    site.manager.add(spec);
    const watching = subscribe(site, { camera: "a" });
    await until(() => site.media.viewers > 0, "the viewer");
    watching.closeListening();
    await settle();
    await assertLetGo(site);
    watching.unsubscribe();
  }));

Deno.test("Subscription: a look that broke off is not the last one", () =>
  withCamera(async (site) => {
    const told: unknown[] = [];
    let isBroken = true;
    const text = ({ op, status }: Record<string, unknown>) => {
      if (isBroken) throw new TypeError("the socket takes nothing");
      told.push([op, status]);
    };
    const subscription = new Subscription({ camera: "a" }, site.hub, { text, picture: () => {} });
    assertThrows(() => subscription.refresh(), TypeError);
    isBroken = false;
    site.manager.add(spec);
    await settle();
    subscription.refresh();
    assertEquals(told.at(-1), ["status", "online"]);
    subscription.close();
    await assertLetGo(site);
  }));
