// What Home Assistant is told of cameras whose names and presets are as awkward as they may be.
import { assert, assertEquals } from "@std/assert";
import { mqttSection } from "../../../src/config/channels.ts";
import { OBSERVATION_KINDS } from "../../../src/devices/capabilities.ts";
import type { CameraDescription } from "../../../src/mqtt/description.ts";
import { cameraEntities, hubEntities } from "../../../src/mqtt/discovery.ts";
import { SWITCHES } from "../../../src/mqtt/switches.ts";
import { Topics } from "../../../src/mqtt/topics.ts";
import { readAnnouncements } from "../../tools/home_assistant.ts";

function camera(id: string, change: Partial<CameraDescription> = {}): CameraDescription {
  return {
    id,
    name: `Camera "${id}" <b>`,
    info: { manufacturer: "TP-Link", model: "C220", firmware: "1.2", serial: "S1" },
    switches: SWITCHES.map(({ name }) => name),
    kinds: OBSERVATION_KINDS,
    presets: [{ id: "1", name: "Gate" }, { id: "a/b+#", name: "Ümlaut" }, { id: "a--b", name: "Third" }],
    hasVideo: true,
    isKnown: true,
    ...change,
  };
}

const topics = new Topics(mqttSection.parse({ prefix: "home/cams" }));
const context = { topics, origin: "http://192.168.1.5:7777", canCommand: true, hasSnapshots: true };

/** Read as Home Assistant does: it fails on what that would refuse, and on two of one name. */
function read(cameras: CameraDescription[], change: Partial<typeof context> = {}) {
  const own = { ...context, ...change };
  const entities = [...hubEntities(own), ...cameras.flatMap((each) => cameraEntities(each, own))];
  const retained = new Map(entities.map(({ topic, config }) => [topic, JSON.stringify(config)]));
  assertEquals(retained.size, entities.length, "each has a topic of its own");
  return readAnnouncements(retained);
}

Deno.test("no two entities share a topic or an id, whatever cameras are called [MQTT-DISCOVERY]", () => {
  const ids = ["x", "x-", "x--event", "x_last", "hub", "status", "x--preset_1"];
  const entities = read(ids.map((id) => camera(id)));
  const each = 4 + OBSERVATION_KINDS.length + 1 + SWITCHES.length + 3 + 1;
  assertEquals(entities.size, 3 + ids.length * each);
  for (const entity of entities.values()) {
    for (const name of ["state_topic", "command_topic", "image_topic"]) {
      const topic = entity[name];
      if (topic !== undefined) assert(String(topic).startsWith("home/cams/"), String(topic));
    }
  }
});

Deno.test("without commands nothing can be switched, without pictures there is none", () => {
  const platforms = (entities: ReturnType<typeof read>) =>
    new Set([...entities.values()].map(({ platform }) => platform));
  assertEquals(platforms(read([camera("a")], { canCommand: false })).has("switch"), false);
  assertEquals(platforms(read([camera("a")], { canCommand: false })).has("button"), false);
  const images = [...read([camera("a")], { hasSnapshots: false }).keys()].filter((id) =>
    id.includes("_a--snap")
  );
  assertEquals(images, []);
});

Deno.test("topics of commands and announcements are told from all others", () => {
  assertEquals(topics.parseCommand("home/cams/a/privacy/set"), { camera: "a", what: "privacy" });
  for (
    const other of [
      "home/cams/a/privacy",
      "home/cams/a/b/privacy/set",
      "cams/a/privacy/set",
      "home/cams//x/set",
    ]
  ) {
    assertEquals(topics.parseCommand(other), undefined, other);
  }
  assert(topics.isOwnDiscovery("homeassistant/switch/home_cams/a--led/config"));
  for (
    const other of [
      "homeassistant/switch/other/a--led/config",
      "homeassistant/status",
      "x/switch/home_cams/a/config",
    ]
  ) {
    assert(!topics.isOwnDiscovery(other), other);
  }
});
