// The channel MQTT at a real broker: what an alert looks like there, and when it is tried again.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type AlertPublisher, buildMqtt } from "../../../src/alerts/channels/mqtt.ts";
import { Logger } from "../../../src/base/log.ts";
import { mqttSection } from "../../../src/config/channels.ts";
import { notConnected } from "../../../src/mqtt/connect_errors.ts";
import { MqttLink } from "../../../src/mqtt/link.ts";
import { Topics } from "../../../src/mqtt/topics.ts";
import { failureOf, forever } from "../../drivers/stage.ts";
import { Broker } from "../../emulators/mqtt/broker.ts";
import { PICTURE, someAlert } from "./messages.ts";

const log = new Logger(() => {}, "error");

Deno.test("an alert is JSON with QoS 1, its picture before it [CHANNEL-MQTT]", async () => {
  await using broker = await Broker.start();
  const section = mqttSection.parse({ url: broker.url });
  const will = { topic: "tapocam/status", payload: "offline" };
  const link = await MqttLink.open({ section, will, onMessage: () => {} }, forever);
  const topics = new Topics(section);
  const publisher: AlertPublisher = {
    topics,
    publish: (topic, payload) => link.publish(topic, payload),
    publishPicture: (_camera, picture) => link.publish(topics.alertSnapshot, picture, { retain: true }),
  };
  const follower = await broker.follow("tapocam/#");
  const channel = buildMqtt({ id: "broker" }, { publisher, log });
  await channel.send(someAlert({ snapshot: () => Promise.resolve(PICTURE) }), forever);
  await channel.send(someAlert({ state: "resolved", endedAtMs: Date.UTC(2026, 4, 1, 20, 20) }), forever);
  await link.publish("tapocam/end", "1");
  await follower.waitFor("tapocam/end", "1");
  assertEquals(follower.heard.map(({ topic }) => topic), [
    "tapocam/alert_snapshot",
    "tapocam/alert",
    "tapocam/alert",
    "tapocam/end",
  ]);
  assert(follower.heard.every(({ qos, isRetained }) => qos === 1 && !isRetained));
  const [first, second] = follower.payloads("tapocam/alert").map((text) => JSON.parse(text));
  assertEquals(first, {
    event_type: "firing",
    id: "alert-41-1",
    alert: 41,
    rule: "front-door-person",
    severity: "warning",
    title: "Person at the front door",
    text: "A person was seen at “Front <door>” & stayed.",
    kind: "person",
    camera_id: "front-door",
    camera_name: "Front <door>",
    started_at: "2026-05-01T20:15:00.000Z",
    count: 3,
    url: "http://hub.local:7777/events?camera=front-door",
    has_snapshot: true,
  });
  assertEquals([second.event_type, second.ended_at, second.has_snapshot], [
    "resolved",
    "2026-05-01T20:20:00.000Z",
    false,
  ]);
  await broker.stop();
  const error = await failureOf(channel.send(someAlert(), forever));
  assertEquals([error.kind, error.retryable], ["unavailable", true]);
  await link.end();
});

Deno.test("without a connection an alert waits for another try [CHANNEL-MQTT]", async () => {
  const publisher: AlertPublisher = {
    topics: { prefix: "tapocam" },
    publish: () => Promise.reject(notConnected("mqtt://broker.local")),
    publishPicture: () => Promise.reject(notConnected("mqtt://broker.local")),
  };
  const error = await failureOf(buildMqtt({ id: "broker" }, { publisher, log }).send(someAlert(), forever));
  assertEquals(error.retryable, true);
  assertMatch(error.message, /no connection to the MQTT broker mqtt:\/\/broker\.local/);
});
