// The hub at a real MQTT broker: Home Assistant finds the cameras, switches them, and hears of what happens.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Broker } from "../emulators/mqtt/broker.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { readAnnouncements } from "../tools/home_assistant.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, MOUNTS, startHub } from "./network_bench.ts";

const ACCOUNT = { user: "hub", password: "br0ker-Secret-9" };
const PATTERN = { id: "pattern", type: "testpattern", name: "Test picture", width: 320, height: 240 };

function sections(broker: Broker, change: Record<string, unknown> = {}) {
  return { mqtt: { url: broker.url, username: ACCOUNT.user, password: ACCOUNT.password, ...change } };
}
const WHOLE = { points: [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => ({ x, y })) };

/** A Tapo camera that turns, beside a test picture, at a broker. */
async function withHouse(
  work: (house: { broker: Broker; hub: HubProcess; rig: TapoRig }) => Promise<void>,
): Promise<void> {
  await using broker = await Broker.start({ account: ACCOUNT });
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  rig.tapo.device.motor!.speedDegreesPerS = Infinity;
  const cameras = [{ id: "t", type: "tapo", name: "Yard", ...rig.options }, PATTERN];
  await using hub = await startHub(cameras, { sections: sections(broker) });
  await awaitStatus(hub, "t", "online");
  const isListening = () => (rig.onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0;
  await hub.waitFor(isListening, "the hub to subscribe to the camera's events");
  await work({ broker, hub, rig });
  assert(!hub.text.includes(ACCOUNT.password), "the password stands in the log");
}

Deno.test("[MQTT-DISCOVERY] Home Assistant is told of every camera, sensor, switch and preset, as it documents them", async () => {
  await withHouse(async ({ broker, hub }) => {
    await hub.client.operation("save_ptz_preset", { camera_id: "t", name: "Gate" });
    await hub.client.operation("disconnect_camera", { camera_id: "t" });
    await awaitStatus(hub, "t", "disabled");
    await hub.client.operation("connect_camera", { camera_id: "t" });
    await awaitStatus(hub, "t", "online");
    let entities = new Map<string, Record<string, unknown>>();
    await hub.waitFor(async () => {
      entities = readAnnouncements(await broker.retained("homeassistant/#"));
      return [...entities.values()].some(({ name }) => name === "Go to Gate");
    }, "the preset's button");
    assertEquals([...entities].map(([id, { platform }]) => `${platform} ${id}`).sort(), [
      "binary_sensor tapocam--connection",
      "binary_sensor tapocam_t--motion",
      "button tapocam_pattern--take_snapshot",
      "button tapocam_t--preset_1",
      "button tapocam_t--take_snapshot",
      "event tapocam--alert",
      "event tapocam_pattern--event",
      "event tapocam_t--event",
      "image tapocam--alert_snapshot",
      "image tapocam_pattern--snapshot",
      "image tapocam_t--snapshot",
      "sensor tapocam_pattern--last_event",
      "sensor tapocam_pattern--recording_mode",
      "sensor tapocam_pattern--status",
      "sensor tapocam_t--last_event",
      "sensor tapocam_t--recording_mode",
      "sensor tapocam_t--status",
      "switch tapocam_pattern--motion_detection",
      "switch tapocam_pattern--recording",
      "switch tapocam_t--led",
      "switch tapocam_t--motion_detection",
      "switch tapocam_t--privacy",
      "switch tapocam_t--recording",
    ]);
    const device = entities.get("tapocam_t--privacy")?.["device"] as Record<string, unknown>;
    assertEquals([device["name"], device["model"], device["via_device"]], ["Yard", "C220", "tapocam"]);
    const states = await broker.retained("tapocam/#");
    for (
      const [topic, payload] of [
        ["tapocam/status", "online"],
        ["tapocam/t/status", "online"],
        ["tapocam/t/availability", "online"],
        ["tapocam/t/privacy", "OFF"],
        ["tapocam/t/motion", "OFF"],
        ["tapocam/t/recording", "OFF"],
        ["tapocam/t/recording_mode", "off"],
        ["tapocam/pattern/motion_detection", "OFF"],
        ["tapocam/pattern/status", "online"],
      ] as const
    ) assertEquals(states.get(topic), payload, topic);
    // Every topic that an entity reads of is one that the hub tells, or will tell when there is something.
    const later = /\/(?:event|last_event|snapshot|alert|alert_snapshot)$/;
    for (const [id, entity] of entities) {
      for (const name of ["state_topic", "json_attributes_topic"]) {
        const topic = entity[name];
        if (typeof topic === "string" && !later.test(topic)) assert(states.has(topic), `${id}: ${topic}`);
      }
    }
  });
});

Deno.test("[MQTT-COMMANDS] switches, presets and pictures are asked for over MQTT, with the gate and the audit of every operation", async () => {
  await withHouse(async ({ broker, hub, rig }) => {
    const follower = await broker.follow("tapocam/#");
    const states = ["privacy", "led", "motion_detection", "recording"].map((name) => `tapocam/t/${name}`);
    for (const topic of states) await hub.waitFor(() => follower.payloads(topic).length > 0, topic);
    await broker.publish("tapocam/t/privacy/set", "ON");
    await follower.waitFor("tapocam/t/privacy", "ON");
    assertEquals(rig.tapo.view.privacy, true);
    await broker.publish("tapocam/t/privacy/set", "OFF");
    await follower.waitFor("tapocam/t/privacy", "OFF");
    assertEquals(rig.tapo.view.privacy, false);
    for (const name of ["led", "motion_detection"]) {
      const was = follower.payloads(`tapocam/t/${name}`).at(-1);
      const next = was === "ON" ? "OFF" : "ON";
      await broker.publish(`tapocam/t/${name}/set`, next);
      await follower.waitFor(`tapocam/t/${name}`, next);
    }
    await broker.publish("tapocam/pattern/recording/set", "ON");
    await follower.waitFor("tapocam/pattern/recording", "ON");
    await broker.publish("tapocam/pattern/recording/set", "OFF");
    await follower.waitFor("tapocam/pattern/recording", "OFF");
    const { recordings } = await hub.client.operation("list_recordings", { camera_id: "pattern" });
    assertEquals(recordings.length, 1);
    await broker.publish("tapocam/pattern/snapshot/set", "PRESS");
    await hub.waitFor(() => follower.payloads("tapocam/pattern/snapshot").length > 0, "the picture");
    await hub.client.operation("save_ptz_preset", { camera_id: "t", name: "Gate" });
    await hub.client.operation("move_ptz", { camera_id: "t", pan: 0.5 });
    await broker.publish("tapocam/t/preset/set", "1");
    await hub.waitFor(() => rig.tapo.view.panDegrees === 0, "the camera to turn back");
    const { entries } = await hub.client.operation("list_audit", { limit: 100 });
    const asked = entries.filter(({ user }: { user: string }) => user === "mqtt");
    assertEquals(
      [...new Set(asked.map(({ operation }: { operation: string }) => operation))].sort(),
      [
        "recall_ptz_preset",
        "set_led_enabled",
        "set_motion_detection",
        "set_privacy_mode",
        "start_recording",
        "stop_recording",
      ],
    );
  });
});

Deno.test("[MQTT-COMMANDS] what cannot be done is told, and a command that the broker has kept is not done again", async () => {
  await withHouse(async ({ broker, hub, rig }) => {
    const follower = await broker.follow("tapocam/#");
    const cases = [
      ["t/privacy/set", "maybe", "invalid_input"],
      ["t/siren/set", "ON", "not_found"],
      ["t/preset/set", "77", "not_found"],
      ["pattern/privacy/set", "ON", "unsupported"],
      ["nobody/privacy/set", "ON", "not_found"],
    ] as const;
    for (const [topic, payload, code] of cases) {
      const error = `tapocam/${topic.split("/")[0]}/error`;
      const before = follower.payloads(error).length;
      await broker.publish(`tapocam/${topic}`, payload);
      await hub.waitFor(() => follower.payloads(error).length > before, `the answer to ${topic} ${payload}`);
      assertEquals(JSON.parse(follower.payloads(error).at(-1) ?? "").error_code, code, topic);
    }
    await broker.publish("tapocam/t/privacy/set", "x".repeat(300));
    await hub.waitFor(() => hub.text.includes("it is too long"), "the log");
    await hub.stop();
    await broker.publish("tapocam/t/privacy/set", "ON", { retain: true });
    const cameras = [{ id: "t", type: "tapo", ...rig.options }];
    await using next = await startHub(cameras, { sections: sections(broker) });
    await awaitStatus(next, "t", "online");
    await next.waitFor(() => next.text.includes("it was retained"), "the log");
    assertEquals(rig.tapo.view.privacy, false);
  });
});

Deno.test("[MQTT-EVENTS] motion turns its sensor on and off, is an event, and brings a picture", async () => {
  await withHouse(async ({ broker, hub, rig }) => {
    const follower = await broker.follow("tapocam/#");
    rig.motion(true);
    await follower.waitFor("tapocam/t/motion", "ON");
    await hub.waitFor(() => follower.payloads("tapocam/t/snapshot").length > 0, "the picture");
    rig.motion(false);
    await follower.waitFor("tapocam/t/motion", "OFF");
    const events = follower.payloads("tapocam/t/event").map((text) => JSON.parse(text));
    assertEquals(events.map(({ event_type, active }) => [event_type, active]), [["motion", true]]);
    const last = () => JSON.parse(follower.payloads("tapocam/t/last_event").at(-1) ?? "{}");
    await hub.waitFor(() => last().active === false, "the end as the last event");
    assertEquals(last().kind, "motion");
    assertEquals(follower.heard.every(({ qos }) => qos === 1), true);
  });
});

Deno.test("[MQTT-MOTION] motion that the hub looks for itself has its sensor from the start, and its switch turns the hub's detector", async () => {
  await using broker = await Broker.start({ account: ACCOUNT });
  const still = { ...PATTERN, id: "still", motion: { detector: "hub", ignore: [WHOLE] } };
  await using hub = await startHub([PATTERN, still], { sections: sections(broker) });
  const follower = await broker.follow("tapocam/#");
  await follower.waitFor("tapocam/still/motion_detection", "ON");
  await follower.waitFor("tapocam/still/motion", "OFF");
  await follower.waitFor("tapocam/pattern/motion_detection", "OFF");
  const announced = async () =>
    [...readAnnouncements(await broker.retained("homeassistant/#")).keys()].filter((id) =>
      /--motion$/.test(id)
    );
  assertEquals(await announced(), ["tapocam_still--motion"]);
  assertEquals((await hub.client.json("/api/events?kind=motion")).events, []);
  await broker.publish("tapocam/pattern/motion_detection/set", "ON");
  await follower.waitFor("tapocam/pattern/motion_detection", "ON");
  await follower.waitFor("tapocam/pattern/motion", "ON");
  assertEquals((await announced()).sort(), ["tapocam_pattern--motion", "tapocam_still--motion"]);
  await broker.publish("tapocam/pattern/motion_detection/set", "OFF");
  await follower.waitFor("tapocam/pattern/motion_detection", "OFF");
  await follower.waitFor("tapocam/pattern/motion", "OFF");
  const { motion } = await hub.client.json("/api/cameras/pattern");
  assertEquals([motion.by, motion.rules.detector], ["nobody", "off"]);
  await hub.client.operation("set_recording_rules", { camera_id: "still", mode: "events" });
  await follower.waitFor("tapocam/still/recording_mode", "events");
});

Deno.test("[MQTT-RESTART] after a restart of the broker everything is told again, and no event is missing", async () => {
  await withHouse(async ({ broker, hub, rig }) => {
    const first = await broker.follow("tapocam/#");
    rig.motion(true);
    await first.waitFor("tapocam/t/motion", "ON");
    const { events: [begun] } = await hub.client.json("/api/events?camera=t&kind=motion");
    await broker.stop();
    await hub.waitFor(async () => {
      const { warnings } = await hub.client.json("/api/status");
      return warnings.some(({ code }: { code: string }) => code === "mqtt");
    }, "the warning");
    rig.motion(false);
    await hub.waitFor(async () => {
      const { events } = await hub.client.json("/api/events?camera=t&kind=motion");
      return events[0].active === false;
    }, "the end of the motion");
    await broker.start();
    const second = await broker.follow("tapocam/#", "homeassistant/#");
    await second.waitFor("tapocam/status", "online");
    await second.waitFor("tapocam/t/motion", "OFF");
    await hub.waitFor(() => second.payloads("tapocam/t/events").length > 0, "the event");
    const told = second.payloads("tapocam/t/events").map((text) => JSON.parse(text));
    assertEquals(told.map(({ seq, active }) => [seq, active]), [[begun.seq, false]]);
    assertEquals(second.payloads("tapocam/t/event"), [], "its beginning was told before");
    const announced = () => second.payloads("homeassistant/switch/tapocam/t--privacy/config").length;
    await hub.waitFor(() => announced() === 1, "the announcement");
    const { warnings } = await hub.client.json("/api/status");
    assertEquals(warnings.filter(({ code }: { code: string }) => code === "mqtt"), []);
    await broker.publish("homeassistant/status", "online");
    await hub.waitFor(() => announced() === 2, "the announcement to a Home Assistant that has just started");
  });
});

Deno.test("[MQTT-DISCOVERY] a camera that is removed is forgotten; a hub that stops, or dies, is offline", async () => {
  await using broker = await Broker.start({ account: ACCOUNT });
  await broker.publish(
    "homeassistant/switch/tapocam/pattern--led/config",
    JSON.stringify({ device: { identifiers: ["tapocam_pattern"] } }),
    { retain: true },
  );
  await using hub = await startHub([PATTERN], { sections: sections(broker) });
  await hub.client.operation("add_camera", { name: "Second", type: "testpattern" });
  const follower = await broker.follow("tapocam/#", "homeassistant/#");
  await follower.waitFor("tapocam/second/status", "online");
  await hub.waitFor(async () => {
    const { size } = await broker.retained("homeassistant/switch/tapocam/pattern--led/config");
    return size === 0;
  }, "what an earlier hub has announced to be cleared");
  await hub.client.operation("remove_camera", { camera_id: "second", confirm: true });
  await hub.waitFor(async () => {
    const left = await broker.retained("tapocam/#", "homeassistant/#");
    return ![...left].some(([topic, payload]) => topic.includes("second") || payload.includes("second"));
  }, "the broker to forget the camera");
  assertEquals((await broker.retained("tapocam/#")).get("tapocam/pattern/status"), "online");
  await hub.stop();
  assertEquals((await broker.retained("tapocam/status")).get("tapocam/status"), "offline");
  await using next = await startHub([PATTERN], { sections: sections(broker) });
  await follower.waitFor("tapocam/status", "online");
  await next.stop("SIGKILL");
  await follower.waitFor("tapocam/status", "offline");
});

Deno.test("[MQTT-BROKER] a wrong password is told in the status, without the password", async () => {
  await using broker = await Broker.start({ account: ACCOUNT });
  const secret = "n0t-The-Password";
  await using hub = await startHub([PATTERN], { sections: sections(broker, { password: secret }) });
  const warning = async () => {
    const { warnings } = await hub.client.json("/api/status");
    return warnings.find(({ code }: { code: string }) => code === "mqtt");
  };
  await hub.waitFor(async () => await warning() !== undefined, "the warning");
  assertMatch((await warning()).message, /refuses the login/);
  assertMatch((await warning()).hint, /mqtt\.username/);
  assert(!(JSON.stringify(await warning()) + hub.text).includes(secret));
});
