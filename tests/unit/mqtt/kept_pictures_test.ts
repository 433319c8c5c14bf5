// What the broker keeps of pictures while privacy zones come, change and cannot be covered.
import { assertEquals, assertRejects } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import { mqttSection } from "../../../src/config/channels.ts";
import { KeptPictures, type KeptPicturesDeps } from "../../../src/mqtt/kept_pictures.ts";
import { Retained } from "../../../src/mqtt/retained.ts";
import { Topics } from "../../../src/mqtt/topics.ts";
import { settle } from "../../tools/fake_clock.ts";

const BARE = new Uint8Array([1, 1]);
const forever = new AbortController().signal;
const zone = (right: number) => ({
  points: [[0, 0], [right, 0], [0, 1]].map(([x = 0, y = 0]) => ({ x, y })),
});

interface Scene {
  pictures: KeptPictures;
  retained: Retained;
  /** What the broker keeps. */
  kept: Map<string, string>;
  /** What it was told, in order: topic and bytes. */
  told: string[];
  cameras: string[];
  covering: { fails: boolean };
  link: { publish(topic: string, payload: string | Uint8Array): Promise<void> };
  set(camera: string, ...zones: ReturnType<typeof zone>[]): void;
}

/** A broker that keeps; covering makes the first byte the number of zones. */
async function withPictures(
  work: (scene: Scene) => Promise<void>,
  zonesAtStart: Record<string, number> = {},
): Promise<void> {
  const zones = new Map(Object.entries(zonesAtStart).map(([id, count]) => [id, Array(count).fill(zone(1))]));
  const changes = new Changes();
  const cameras = ["a", "b"];
  const covering = { fails: false };
  const rulesOf = (id: string) => cameraRulesSchema.parse({ privacy: { zones: zones.get(id) ?? [] } });
  const retained = new Retained();
  const [kept, told] = [new Map<string, string>(), [] as string[]];
  const link: Scene["link"] = {
    publish: (topic, payload) => {
      const shown = typeof payload === "string" ? payload : [...payload].join();
      told.push(`${topic} ${shown}`);
      if (payload.length === 0) kept.delete(topic);
      else kept.set(topic, shown);
      return Promise.resolve();
    },
  };
  const hub = {
    manager: {
      get cameras() {
        return cameras.map((id) => ({ id }));
      },
      find: (id: string) => cameras.includes(id) ? { id } : undefined,
      changes,
    },
    rules: { of: rulesOf, changes },
    media: {
      masked: (id: string, picture: Uint8Array) =>
        covering.fails
          ? Promise.reject(new HubError("unavailable", "not covered"))
          : Promise.resolve(new Uint8Array([100 + (zones.get(id)?.length ?? 0), ...picture.slice(1)])),
    },
  } as unknown as KeptPicturesDeps["hub"];
  const topics = new Topics(mqttSection.parse({ prefix: "p" }));
  const pictures = new KeptPictures({ hub, topics, retained, log: new Logger(() => {}, "error") });
  retained.tellAll(link);
  kept.set("p/a/snapshot", "earlier").set("p/b/snapshot", "earlier").set("p/alert_snapshot", "earlier");
  const stop = new AbortController();
  const running = pictures.run(stop.signal);
  const set: Scene["set"] = (camera, ...wanted) => {
    zones.set(camera, wanted);
    changes.notify();
  };
  await settle();
  await work({ pictures, retained, kept, told, cameras, covering, link, set });
  stop.abort();
  await running;
}

Deno.test("[PRIVACY-MQTT] when zones change what the broker keeps goes at once, and comes back covered", async () => {
  await withPictures(async ({ pictures, kept, told, set }) => {
    for (const camera of ["a", "b"]) {
      await pictures.put(camera, { bytes: BARE, zones: pictures.zonesOf(camera) }, forever);
    }
    assertEquals([...kept.values()], ["1,1", "1,1", "earlier"]);
    told.length = 0;
    set("a", zone(1));
    assertEquals(told.slice(0, 2), ["p/a/snapshot ", "p/alert_snapshot "], "before anything else happens");
    await settle();
    assertEquals(Object.fromEntries(kept), { "p/a/snapshot": "101,1", "p/b/snapshot": "1,1" });
    set("a", zone(1), zone(0.5));
    await settle();
    assertEquals(kept.get("p/a/snapshot"), "102,1");
    told.length = 0;
    set("b");
    set("a", zone(1), zone(0.5));
    await settle();
    assertEquals(told, [], "nothing is different");
  });
});

Deno.test("[PRIVACY-MQTT] what cannot be covered is no longer kept, and is not put there", async () => {
  await withPictures(async ({ pictures, kept, retained, covering, set }) => {
    await pictures.put("a", { bytes: BARE, zones: "" }, forever);
    covering.fails = true;
    set("a", zone(1));
    await settle();
    assertEquals([kept.has("p/a/snapshot"), retained.has("p/a/snapshot")], [false, false]);
    // Taken before the zones were set.
    await assertRejects(() => pictures.put("a", { bytes: BARE, zones: "" }, forever), HubError);
    assertEquals(kept.has("p/a/snapshot"), false);
    covering.fails = false;
    await pictures.put("a", { bytes: BARE, zones: "" }, forever);
    assertEquals(kept.get("p/a/snapshot"), "101,1");
  });
});

Deno.test("[PRIVACY-MQTT] what an earlier life of the hub has left goes where there are zones, as soon as there is a connection", async () => {
  await withPictures(({ kept, retained, link }) => {
    assertEquals([...kept], [["p/b/snapshot", "earlier"]]);
    kept.set("p/a/snapshot", "earlier");
    retained.detach();
    retained.clear("p/b/snapshot");
    assertEquals(kept.size, 2);
    retained.tellAll(link);
    assertEquals([...kept], []);
    return Promise.resolve();
  }, { a: 1 });
});

Deno.test("[PRIVACY-MQTT] the picture of an alert is covered by the zones of its camera, and outlives a broker that forgets", async () => {
  await withPictures(async ({ pictures, kept, retained, link, cameras, set }) => {
    await pictures.publishAlert(link, "b", BARE);
    set("a", zone(1));
    await settle();
    assertEquals(kept.get("p/alert_snapshot"), "1,1", "zones of another camera");
    set("b", zone(1));
    await settle();
    assertEquals(kept.get("p/alert_snapshot"), "101,1");
    kept.clear();
    retained.tellAll(link);
    assertEquals(kept.get("p/alert_snapshot"), "101,1");
    // Removed cameras have nothing there any more.
    await pictures.put("a", { bytes: BARE, zones: pictures.zonesOf("a") }, forever);
    cameras.shift();
    retained.clear("p/a/snapshot");
    set("a", zone(0.5));
    await settle();
    assertEquals(kept.has("p/a/snapshot"), false);
    await pictures.put("a", { bytes: BARE, zones: pictures.zonesOf("a") }, forever);
    assertEquals(kept.has("p/a/snapshot"), false);
  });
});
