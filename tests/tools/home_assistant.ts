// The fields that Home Assistant takes in an MQTT announcement, per kind of entity, as its documentation lists them
// (https://www.home-assistant.io/integrations/mqtt/ and the pages of the platforms). Unknown fields are errors there.

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string" && value !== "";
const topic: Check = (value) => typeof value === "string" && /^[^#+\0]+$/.test(value);
const texts: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(text);
const oneOf = (...allowed: unknown[]): Check => (value) => allowed.includes(value);
const icon: Check = (value) => typeof value === "string" && /^mdi:[a-z0-9-]+$/.test(value);
const url: Check = (value) => typeof value === "string" && /^(?:https?|homeassistant):\/\/\S+$/.test(value);
const availability: Check = (value) =>
  Array.isArray(value) && value.every((each) => isShaped(each, { topic }, ["topic"]));

const DEVICE: Record<string, Check> = {
  identifiers: texts,
  name: text,
  manufacturer: text,
  model: text,
  model_id: text,
  sw_version: text,
  hw_version: text,
  serial_number: text,
  suggested_area: text,
  via_device: text,
  configuration_url: url,
};

const COMMON: Record<string, Check> = {
  unique_id: text,
  name: text,
  qos: oneOf(0, 1, 2),
  icon,
  entity_category: oneOf("diagnostic", "config"),
  enabled_by_default: oneOf(true, false),
  availability,
  availability_mode: oneOf("all", "any", "latest"),
  json_attributes_topic: topic,
  device: (value) => isShaped(value, DEVICE, ["identifiers"]),
  origin: (value) => isShaped(value, { name: text, sw_version: text, support_url: url }, ["name"]),
};

const BINARY_CLASSES = [
  "connectivity",
  "motion",
  "occupancy",
  "sound",
  "tamper",
  "safety",
  "problem",
  "running",
];

/** Own fields of each platform, and which of them must be there. */
const PLATFORMS: Record<string, { fields: Record<string, Check>; required: string[] }> = {
  binary_sensor: {
    fields: {
      state_topic: topic,
      device_class: oneOf(...BINARY_CLASSES),
      payload_on: text,
      payload_off: text,
      off_delay: (value) => Number.isInteger(value),
    },
    required: ["state_topic"],
  },
  sensor: {
    fields: {
      state_topic: topic,
      device_class: oneOf("enum", "timestamp"),
      options: texts,
      value_template: text,
    },
    required: ["state_topic"],
  },
  switch: {
    fields: { state_topic: topic, command_topic: topic, payload_on: text, payload_off: text },
    required: ["command_topic"],
  },
  button: { fields: { command_topic: topic, payload_press: text }, required: ["command_topic"] },
  event: {
    fields: { state_topic: topic, event_types: texts, device_class: oneOf("doorbell", "motion", "button") },
    required: ["state_topic", "event_types"],
  },
  image: {
    fields: { image_topic: topic, content_type: oneOf("image/jpeg", "image/png") },
    required: ["image_topic"],
  },
};

const TOPIC = /^homeassistant\/([a-z_]+)\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+\/config$/;

/** Reads announcements as Home Assistant does; returns them by their unique id. @throws Error naming what is wrong. */
export function readAnnouncements(
  retained: ReadonlyMap<string, string>,
): Map<string, Record<string, unknown>> {
  const found = new Map<string, Record<string, unknown>>();
  for (const [path, payload] of retained) {
    const platform = TOPIC.exec(path)?.[1] ?? "";
    const shape = PLATFORMS[platform];
    if (!shape) throw new Error(`Home Assistant knows no ${path}`);
    const config = JSON.parse(payload) as Record<string, unknown>;
    const required = ["unique_id", "device", "origin", "name", ...shape.required];
    const wrong = faults(config, { ...COMMON, ...shape.fields }, required);
    if (wrong.length > 0) throw new Error(`${path}: ${wrong.join(", ")}: ${payload}`);
    const id = String(config["unique_id"]);
    if (found.has(id)) throw new Error(`Two entities are called ${id}`);
    found.set(id, { platform, ...config });
  }
  return found;
}

function isShaped(value: unknown, fields: Record<string, Check>, required: string[]): boolean {
  return typeof value === "object" && value !== null &&
    faults(value as Record<string, unknown>, fields, required).length === 0;
}

function faults(value: Record<string, unknown>, fields: Record<string, Check>, required: string[]): string[] {
  return [
    ...required.filter((name) => value[name] === undefined).map((name) => `${name} is missing`),
    ...Object.entries(value).filter(([name, each]) => !fields[name]?.(each)).map(([name]) =>
      `${name} is wrong`
    ),
  ];
}
