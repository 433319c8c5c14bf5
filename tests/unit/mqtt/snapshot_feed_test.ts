// Pictures that the broker keeps, and privacy zones that come after them.
import { assertEquals } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { type CameraRules, cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import { mqttSection } from "../../../src/config/channels.ts";
import { Retained } from "../../../src/mqtt/retained.ts";
import { SnapshotFeed } from "../../../src/mqtt/snapshot_feed.ts";
import { Topics } from "../../../src/mqtt/topics.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const TRIANGLE = [{ points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }] }];

Deno.test("a picture that was made under other privacy zones is taken back from the broker [MQTT-PRIVACY]", () => {
  const rules = new Map<string, CameraRules>();
  const of = (id: string) => rules.get(id) ?? cameraRulesSchema.parse({});
  const hub = { rules: { of }, manager: { cameras: [{ id: "a" }, { id: "b" }] } } as unknown as Hub;
  const retained = new Retained();
  const told: [string, string][] = [];
  retained.tellAll({
    publish: (topic, payload) => Promise.resolve(void told.push([topic, String(payload)])),
  });
  const log = new Logger(() => {}, "error");
  const topics = new Topics(mqttSection.parse({}));
  const feed = new SnapshotFeed({ hub, topics, retained, clock: new FakeClock(), log });
  retained.set("tapocam/a/snapshot", "picture");
  retained.set("tapocam/b/snapshot", "picture");
  told.length = 0;
  feed.takeBack();
  assertEquals(told, []);
  rules.set("a", cameraRulesSchema.parse({ privacy: { zones: TRIANGLE } }));
  feed.takeBack();
  feed.takeBack();
  assertEquals(told, [["tapocam/a/snapshot", ""]]);
  // Another run does not know what the broker has of the one before: the same is done at its start.
  const later = new Retained();
  later.tellAll({ publish: (topic, payload) => Promise.resolve(void told.push([topic, String(payload)])) });
  new SnapshotFeed({ hub, topics, retained: later, clock: new FakeClock(), log }).takeBack();
  assertEquals(told, [["tapocam/a/snapshot", ""], ["tapocam/a/snapshot", ""]]);
});
